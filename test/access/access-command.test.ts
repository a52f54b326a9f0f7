import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runAccessCheck, runAccessExplain } from '../../src/cli/access.ts';
import { parseAccessFile } from '../../src/config/access-file.ts';
import { type AccessModel, openAccess } from '../../src/domain/access.ts';
import type { User } from '../../src/domain/session.ts';

const EXAMPLES = import.meta.dirname;

async function check(name: string): Promise<{ exit: number; lines: readonly string[] }> {
  const lines: string[] = [];
  const exit = await runAccessCheck({ file: join(EXAMPLES, name), print: (line) => void lines.push(line.replaceAll(`${EXAMPLES}/`, '')) });
  return { exit, lines };
}

describe('vitrine access check', () => {
  it('says that a good file is valid', async () => {
    expect(await check('good/library.yaml')).toEqual({ exit: 0, lines: ['good/library.yaml is valid: 2 access services, 3 policies.'] });
  });

  it('prints a line for each mistake, and fails', async () => {
    const { exit, lines } = await check('bad/unknown-service.yaml');
    expect(exit).toBe(1);
    expect(lines).toEqual([
      'bad/unknown-service.yaml:4:39: There is no access service "members". The file has no accessServices.',
      'bad/unknown-service.yaml has 1 mistake.',
    ]);
  });

  it('fails with a sentence when there is no such file', async () => {
    expect(await check('none.yaml')).toEqual({ exit: 1, lines: ['The access file none.yaml cannot be read.'] });
  });
});

const TEXT = `accessServices:
  members: { pattern: login, label: Members }
  terms: { pattern: clickthrough, label: Terms }
policies:
  - { items: maps/**, allow: everyone }
  - { items: letters/**, allow: [{ service: members, roles: [reader] }, { service: terms }] }
`;

function readModel(): AccessModel {
  const result = parseAccessFile(TEXT, 'access.yaml');
  if (!result.ok) throw new Error('the example is good');
  return result.model;
}

const USERS: readonly User[] = [
  { id: 'usr_1', name: 'anna', roles: ['reader'], createdAt: new Date(0) },
  { id: 'usr_2', name: 'bert', roles: [], createdAt: new Date(0) },
];

async function explain(identifier: string, as: string | null, access = readModel()): Promise<{ exit: number; lines: readonly string[] }> {
  const lines: string[] = [];
  const exit = await runAccessExplain({
    identifier,
    as,
    access,
    fileName: 'access.yaml',
    findItem: async (name) => (name.startsWith('gone') ? null : { path: name.replace(/\/\d+$/, '') }),
    findUser: async (name) => USERS.find((user) => user.name === name) ?? null,
    now: new Date(0),
    print: (line) => void lines.push(line),
  });
  return { exit, lines };
}

describe('vitrine access explain', () => {
  it('says which rule decides for a user before and after each service', async () => {
    expect(await explain('letters/a.tif', 'anna')).toEqual({
      exit: 0,
      lines: [
        'anna, not signed in: access needed (401), offered: members, terms',
        '  Policy 2 (access.yaml line 6, items letters/**) does not allow it yet: the visitor has been through none of its services.',
        '  Enough is: service members as a user with role reader; or service terms.',
        'anna, having signed in through members: allowed',
        '  Policy 2 (access.yaml line 6, items letters/**) allows it, because user anna has role reader and has been through service members.',
        'anna, having agreed to terms: allowed',
        '  Policy 2 (access.yaml line 6, items letters/**) allows it, because user anna has been through service terms.',
      ],
    });
  });

  it('says which role a user lacks', async () => {
    const { lines } = await explain('letters/a.tif', 'bert');
    expect(lines).toContainEqual('bert, having signed in through members: access needed (401), offered: members, terms');
    expect(lines).toContainEqual(
      '  Policy 2 (access.yaml line 6, items letters/**) does not allow it: user bert has been through service members, but has none of the roles reader (the user has no roles).',
    );
  });

  it('explains for nobody in particular without a user', async () => {
    expect(await explain('maps/a.tif', null)).toEqual({
      exit: 0,
      lines: ['Nobody in particular: allowed, like everybody', '  Policy 1 (access.yaml line 5, items maps/**) allows everyone.'],
    });
  });

  it('says that no policy matches, and that nobody may see the item', async () => {
    expect(await explain('diaries/a.tif', null)).toEqual({
      exit: 0,
      lines: ['Nobody in particular: refused (403)', '  No policy of access.yaml matches diaries/a.tif, so nobody may see it.'],
    });
  });

  it('judges a page as its file', async () => {
    const { lines } = await explain('maps/book.tif/2', null);
    expect(lines[0]).toBe('maps/book.tif/2 is judged as maps/book.tif.');
  });

  it('explains the policies for an item that is not there', async () => {
    const { exit, lines } = await explain('gone/book.tif/3', null);
    expect(exit).toBe(0);
    expect(lines.slice(0, 2)).toEqual([
      'There is no item gone/book.tif/3 now; this is what the policies say about one.',
      'gone/book.tif/3 is judged as gone/book.tif.',
    ]);
  });

  it('fails for a user who does not exist', async () => {
    expect(await explain('maps/a.tif', 'clara')).toEqual({ exit: 1, lines: ['There is no user "clara".'] });
  });

  it('says that everything is open without an access file', async () => {
    expect((await explain('maps/a.tif', null, openAccess())).lines).toContainEqual(
      '  There is no access file, so everything is open to everybody.',
    );
  });
});
