import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPasswordHasher } from '../../src/adapters/identity/passwords.ts';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { noteLabPeople, prepareLabPeople, publicLab } from '../../src/cli/lab-people.ts';
import { loadOptions, type OptionsInput, realDisk } from '../../src/config/load-options.ts';
import type { Options } from '../../src/config/options.ts';
import { idOf } from '../contracts/stored-people.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-lab-'));
});

afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));

function options(flags: OptionsInput['flags'] = {}): Options {
  const loaded = loadOptions({ command: 'demo', flags: { data: folder, ...flags }, environment: {}, folder, disk: realDisk });
  if (!loaded.ok) throw new Error(loaded.errors.join('\n'));
  return loaded.options;
}

async function opens(name: string, password: string): Promise<boolean> {
  const database = await openSqlite(join(folder, 'vitrine.db'));
  try {
    return await createPasswordHasher().verify(await database.users.findPasswordHash(await idOf(database, name)), password);
  } finally {
    await database.close();
  }
}

describe("the lab's people", () => {
  it('are made once, with a well-known password where only this machine reaches them', async () => {
    const first = await prepareLabPeople(options(), folder);
    expect(first.map(({ name, roles }) => [name, roles])).toEqual([
      ['reader', ['reader']],
      ['curator', ['curator']],
    ]);
    expect(await prepareLabPeople(options(), folder)).toEqual(first);
    expect(await opens('reader', first[0]?.password ?? '')).toBe(true);
    expect(publicLab(options(), first)).toEqual({ user: 'reader', password: first[0]?.password });
  });

  it.each<[string, OptionsInput['flags']]>([
    ['another host', { host: '0.0.0.0' }],
    ['a public address', { publicUrl: 'https://demo.example.org' }],
  ])(
    'get a random password with %s, which is kept, not shown on the front page, and takes the place of the well-known one',
    async (_what, flags) => {
      const [known] = await prepareLabPeople(options(), folder);
      const people = await prepareLabPeople(options(flags), folder);
      const password = people[0]?.password ?? '';
      expect(password).not.toBe(known?.password);
      expect(password.length).toBeGreaterThanOrEqual(16);
      expect(await opens('reader', known?.password ?? '')).toBe(false);
      expect(await opens('reader', password)).toBe(true);
      expect(publicLab(options(flags), people)).toBeNull();
      expect(await prepareLabPeople(options(flags), folder)).toEqual(people);
    },
  );

  it('take the password that was asked for', async () => {
    const people = await prepareLabPeople(options({ labPassword: 'correct horse battery' }), folder);
    expect(people.map(({ password }) => password)).toEqual(['correct horse battery', 'correct horse battery']);
    expect(await opens('curator', 'correct horse battery')).toBe(true);
  });

  it('keep a password that somebody gave them', async () => {
    await prepareLabPeople(options(), folder);
    const database = await openSqlite(join(folder, 'vitrine.db'));
    await database.users.setPasswordHash(await idOf(database, 'reader'), await createPasswordHasher().hash('a password of my own'));
    await database.close();
    const [reader] = await prepareLabPeople(options(), folder);
    expect(reader?.password).toBeNull();
    expect(await opens('reader', 'a password of my own')).toBe(true);
    expect(publicLab(options(), reader === undefined ? [] : [reader])).toBeNull();
  });
});

describe('a folder of one’s own, served with the data folder of a demo', () => {
  it('starts with a notice where only this machine reaches it', async () => {
    await prepareLabPeople(options(), folder);
    expect(await noteLabPeople(options())).toEqual([expect.stringMatching(/reader and curator/)]);
  });

  it.each<[string, OptionsInput['flags']]>([
    ['on another host', { host: '0.0.0.0' }],
    ['with a public address', { publicUrl: 'https://iiif.example.org' }],
  ])('does not start %s while the well-known password opens anything', async (_what, flags) => {
    await prepareLabPeople(options(), folder);
    await expect(noteLabPeople(options(flags))).rejects.toThrow(/well-known password.*vitrine user (remove|password)/);
    const database = await openSqlite(join(folder, 'vitrine.db'));
    await database.users.setPasswordHash(await idOf(database, 'reader'), await createPasswordHasher().hash('a password of my own'));
    await expect(noteLabPeople(options(flags))).rejects.toThrow(/curator/);
    await database.users.remove(await idOf(database, 'curator'));
    await database.close();
    expect(await noteLabPeople(options(flags))).toEqual([]);
  });

  it('starts without a word where there was no demo', async () => {
    expect(await noteLabPeople(options({ host: '0.0.0.0' }))).toEqual([]);
  });
});
