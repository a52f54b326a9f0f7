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

/** A frame in a browser that keeps our cookies back, and what its script does there. */
async function runWithheld(browser: { state: 'granted' | 'prompt'; hash?: string; click?: 'allowed' | 'refused' }) {
  const done: string[] = [];
  let onClick = (): unknown => null;
  const button = {
    hidden: true,
    addEventListener: (_type: string, listen: () => unknown) => {
      onClick = listen;
    },
  };
  const data = { message: MESSAGE, targetOrigin: 'https://viewer.example', mayAskForCookie: true };
  const document = {
    getElementById: (id: string) => (id === 'message' ? { textContent: JSON.stringify(data) } : button),
    requestStorageAccess: () => {
      done.push('request');
      return browser.click === 'refused' ? Promise.reject(new Error('no')) : Promise.resolve();
    },
    addEventListener: (_type: string, listen: () => void) => listen(),
  };
  const location = { hash: browser.hash ?? '', reload: () => void done.push('reload') };
  const navigator = { permissions: { query: async () => ({ state: browser.state }) } };
  const post = (message: { readonly messageId?: string; readonly type?: string }, target: string) =>
    void done.push(message.messageId === undefined ? `${message.type} to ${target}` : `post to ${target}`);
  const window = { parent: { postMessage: post } };
  runInNewContext(SCRIPT, { window, document, location, navigator });
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  await settle();
  if (browser.click !== undefined) onClick();
  await settle();
  return { done, isButtonShown: !button.hidden, hash: location.hash };
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

  describe('where the browser keeps our cookies back', () => {
    const POST = 'post to https://viewer.example';
    const BUTTON = 'VitrineCookieButton to https://viewer.example';

    it('says so at once, and shows a button of which the viewer is told', async () => {
      expect(await runWithheld({ state: 'prompt' })).toMatchObject({ done: [POST, BUTTON], isButtonShown: true });
    });

    it('uses without a click what the reader has allowed before, and loads the page again', async () => {
      expect(await runWithheld({ state: 'granted' })).toMatchObject({ done: ['request', 'reload'], hash: '#again' });
    });

    it('asks the browser when the reader clicks, and loads the page again if it allows it', async () => {
      expect((await runWithheld({ state: 'prompt', click: 'allowed' })).done).toEqual([POST, BUTTON, 'request', 'reload']);
      expect((await runWithheld({ state: 'prompt', click: 'refused' })).done).toEqual([POST, BUTTON, 'request', POST]);
    });

    it('does not load the page a third time', async () => {
      expect(await runWithheld({ state: 'granted', hash: '#again' })).toMatchObject({ done: [POST], isButtonShown: false });
    });
  });
});
