import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { prepareFirstAdministrator } from '../../src/cli/first-administrator.ts';
import { loadOptions, realDisk } from '../../src/config/load-options.ts';
import { addAdministrator } from '../harness/administrator.ts';
import { TestVisitor } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

describe('the link for the first administrator', () => {
  let vitrine: TestVitrine;
  let path: string;
  beforeEach(async () => {
    vitrine = await startTestVitrine();
    expect(vitrine.firstAdministrator).toMatch(/^http:\/\/localhost:\d+\/admin\/first\/[A-Za-z0-9_-]{43}$/);
    path = (vitrine.firstAdministrator ?? '').slice(vitrine.base.length);
  });
  afterEach(() => vitrine.close());

  const typed = { user: 'keeper', password: 'the first set of keys', again: 'the first set of keys' };

  it('makes one administrator, once', async () => {
    const visitor = new TestVisitor(vitrine);
    for (let opened = 0; opened < 3; opened += 1) expect((await visitor.ask(path)).status).toBe(200);
    expect((await visitor.submit(path, { ...typed, again: 'something else' })).status).toBe(400);
    const reply = await visitor.submit(path, typed);
    expect(reply.headers.get('location')).toBe('/admin');
    expect(await (await visitor.ask('/admin')).text()).toContain('keeper');
    expect((await visitor.ask(path)).status).toBe(404);
    expect((await new TestVisitor(vitrine).submit(path, { ...typed, user: 'second' })).status).toBe(403);
  });

  it('opens nothing with another secret', async () => {
    const wrong = path.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    expect((await new TestVisitor(vitrine).ask(wrong)).status).toBe(404);
  });

  it('is over when an administrator was made another way', async () => {
    await addAdministrator(vitrine);
    expect((await new TestVisitor(vitrine).ask(path)).status).toBe(404);
  });

  it('is not written into the log', async () => {
    const visitor = new TestVisitor(vitrine);
    await visitor.ask(path);
    await visitor.submit(path, typed);
    const lines = JSON.stringify(vitrine.log);
    expect(lines).toContain('/admin/first/…');
    expect(lines).not.toContain(path.split('/').at(-1));
    expect(lines).not.toContain(typed.password);
  });
});

describe('the first administrator of the options', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vitrine-first-'));
    await mkdir(join(folder, 'images'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));

  const load = (environment: Record<string, string>) =>
    loadOptions({
      command: 'serve',
      flags: { images: join(folder, 'images'), data: join(folder, 'data') },
      environment,
      folder,
      disk: realDisk,
    });

  async function prepare(environment: Record<string, string>): Promise<readonly string[]> {
    const loaded = load(environment);
    if (!loaded.ok) throw new Error(loaded.errors.join('\n'));
    await prepareFirstAdministrator(loaded.options);
    const database = await openSqlite(join(folder, 'data/vitrine.db'));
    const names = (await database.users.list()).filter(({ roles }) => roles.includes('administrator')).map(({ name }) => name);
    await database.close();
    return names;
  }

  it('is made from the environment and a file with the password, while there is none', async () => {
    const file = join(folder, 'secret');
    await writeFile(file, 'a secret of the platform\n');
    const password = { VITRINE_FIRST_ADMINISTRATOR_PASSWORD_FILE: file };
    expect(await prepare({ VITRINE_FIRST_ADMINISTRATOR_NAME: 'anna', ...password })).toEqual(['anna']);
    expect(await prepare({ VITRINE_FIRST_ADMINISTRATOR_NAME: 'bert', ...password })).toEqual(['anna']);
  });

  it('is refused with a sentence that has no password in it', async () => {
    const password = { VITRINE_FIRST_ADMINISTRATOR_PASSWORD: 'tooshort' };
    await expect(prepare({ VITRINE_FIRST_ADMINISTRATOR_NAME: 'anna', ...password })).rejects.toThrow(
      'The first administrator was not made. The password must have at least 10 characters.',
    );
  });

  it('needs both name and password', () => {
    for (const only of ['NAME', 'PASSWORD']) {
      const loaded = load({ [`VITRINE_FIRST_ADMINISTRATOR_${only}`]: 'something long' });
      expect(loaded).toMatchObject({ ok: false, errors: [expect.stringContaining('belong together')] });
    }
  });
});
