import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePort } from '../harness/process.ts';
import { runVitrine, start } from './run-vitrine.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-administrator-'));
  await mkdir(join(folder, 'images'));
});
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));

const LINK = /First administrator +(http:\/\/localhost:\d+\/admin\/first\/[A-Za-z0-9_-]{43})/;
const READY = /Stop with Ctrl\+C/;

/** What a start says, from beginning to end. */
async function serve(environment: Record<string, string> = {}, look: (said: string) => Promise<void> = async () => {}): Promise<string> {
  const running = start(['serve', '--port', String(await freePort())], { folder, environment });
  await running.says(READY);
  await look(running.out());
  running.process.kill('SIGTERM');
  await running.exit;
  return running.out() + running.err();
}

it('a start prints a link for the first administrator, another one each time, until there is one', async () => {
  const links: string[] = [];
  for (let starts = 0; starts < 2; starts += 1) {
    await serve({}, async (said) => {
      const link = LINK.exec(said)?.[1] ?? '';
      expect((await fetch(link)).status).toBe(200);
      links.push(link.split('/').at(-1) ?? '');
    });
  }
  expect(new Set(links).size).toBe(2);
  const added = await runVitrine(['user', 'add', 'anna', '--admin', '--password-stdin'], { folder, input: 'a password of some length' });
  expect(added.out).toContain('Added anna, role administrator.');
  expect(await serve()).not.toContain('First administrator');
}, 60_000);

it('the first administrator of the environment is made without a word of the password', async () => {
  const password = 'given by the platform';
  const environment = { VITRINE_FIRST_ADMINISTRATOR_NAME: 'anna', VITRINE_FIRST_ADMINISTRATOR_PASSWORD: password };
  const said = await serve({ ...environment, VITRINE_LOG_LEVEL: 'debug' });
  expect(said).not.toContain('First administrator');
  expect(said).not.toContain(password);
  expect((await runVitrine(['user', 'list'], { folder })).out).toMatch(/^anna +administrator/m);
}, 60_000);
