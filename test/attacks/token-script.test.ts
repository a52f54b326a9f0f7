import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';

const SCRIPT = readFileSync(new URL('../../src/ui/assets/post-token.js', import.meta.url), 'utf8');

/** Runs the script as a page would, in a frame or in a window of its own, and returns what it posts. */
function run(data: object, place: 'frame' | 'window'): unknown[][] {
  const posted: unknown[][] = [];
  const parent = { postMessage: (...sent: unknown[]) => void posted.push(JSON.parse(JSON.stringify(sent))) };
  const window: Record<string, unknown> = {};
  window['parent'] = place === 'frame' ? parent : window;
  const document = { getElementById: (id: string) => (id === 'message' ? { textContent: JSON.stringify(data) } : null) };
  runInNewContext(SCRIPT, { window, document });
  return posted;
}

const MESSAGE = { messageId: '</script>"\'*', accessToken: 'secret' };

describe('the script of the token page', () => {
  it('posts the message to the one origin that the server named, never to all', () => {
    const posted = run({ message: MESSAGE, targetOrigin: 'https://viewer.example' }, 'frame');
    expect(posted).toEqual([[MESSAGE, 'https://viewer.example']]);
    expect(SCRIPT).not.toMatch(/['"`]\*['"`]/);
  });

  it.each([
    ['for nobody', { message: MESSAGE, targetOrigin: null }, 'frame'],
    ['in a window of its own', { message: MESSAGE, targetOrigin: 'https://viewer.example' }, 'window'],
  ] as const)('posts nothing %s', (_when, data, place) => {
    expect(run(data, place)).toEqual([]);
  });
});
