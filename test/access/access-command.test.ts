import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runAccessCheck, runAccessExplain } from '../../src/cli/access.ts';
import { runAccessDiff } from '../../src/cli/access-diff.ts';
import { parseAccessFile } from '../../src/config/access-file.ts';
import { StartProblem } from '../../src/config/start-problem.ts';
import { type AccessModel, openAccess } from '../../src/domain/access.ts';
import type { ItemSource } from '../../src/domain/ports.ts';
import type { Visitor } from '../../src/domain/visitor.ts';

const EXAMPLES = import.meta.dirname;

async function check(name: string): Promise<{ exit: number; lines: readonly string[] }> {
  const lines: string[] = [];
  const exit = await runAccessCheck({
    file: join(EXAMPLES, name),
    identity: null,
    print: (line) => void lines.push(line.replaceAll(`${EXAMPLES}/`, '')),
  });
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

const USERS: ReadonlyArray<NonNullable<Visitor['user']>> = [
  { name: 'anna', roles: ['reader'], itemGrants: [] },
  { name: 'bert', roles: [], itemGrants: [{ items: 'theses/**', until: new Date('1970-02-01') }] },
];

async function explain(
  identifier: string,
  as: string | null,
  access = readModel(),
  address: string | null = null,
  at: string | null = null,
): Promise<{ exit: number; lines: readonly string[] }> {
  const lines: string[] = [];
  const exit = await runAccessExplain({
    identifier,
    as,
    address,
    access,
    fileName: 'access.yaml',
    findItem: async (name) => (name.startsWith('gone') ? null : { path: name.replace(/\/\d+$/, '') }),
    findUser: async (name) => USERS.find((user) => user.name === name) ?? null,
    at,
    now: new Date(0),
    print: (line) => void lines.push(line),
  });
  return { exit, lines };
}

describe('vitrine access explain', () => {
  it('says that an embargo counts, until when, and what comes then', async () => {
    const read = parseAccessFile(
      `accessServices:
  staff: { pattern: login, label: Staff }
  loan: { pattern: clickthrough, label: Loans, perItem: true, minutes: 60 }
policies:
  - { items: theses/**, embargoUntil: 2031-01-31, allow: everyone }
  - { items: papers/**, embargoUntil: 2031-01-31T09:30Z, duringEmbargo: [{ service: staff }], allow: [{ service: loan }], otherwise: { gray: true } }
`,
      'access.yaml',
    );
    if (!read.ok) throw new Error(read.errors.map(({ sentence }) => sentence).join(' '));
    expect((await explain('theses/a.tif', null, read.model)).lines).toEqual([
      'Nobody in particular: refused (403) until 31 January 2031',
      '  Policy 1 (access.yaml line 5, items theses/**) allows nobody.',
      '  This is its embargo, which ends on 31 January 2031. From then on it allows: everyone.',
    ]);
    const { lines } = await explain('papers/a.tif', null, read.model);
    expect(lines).toEqual([
      'Nobody in particular: access needed (401) until 31 January 2031, 09:30 UTC, offered: staff',
      '  Policy 2 (access.yaml line 6, items papers/**) does not allow it yet: the visitor has been through none of its services.',
      '  Enough is: service staff.',
      '  This is its embargo, which ends on 31 January 2031, 09:30 UTC. From then on it allows: service loan for this item within 60 minutes.',
      'Somebody, having signed in through staff: allowed',
      '  Policy 2 (access.yaml line 6, items papers/**) allows it, because the visitor has been through service staff.',
      '  This is its embargo, which ends on 31 January 2031, 09:30 UTC. From then on it allows: service loan for this item within 60 minutes.',
    ]);
  });

  it('says what holds at another time', async () => {
    const read = parseAccessFile(
      'accessServices: { members: { pattern: login, label: Members } }\npolicies: [{ items: "**", allow: [{ service: members }, { everyone: true, from: 2031-01-31 }] }]',
      'access.yaml',
    );
    if (!read.ok) throw new Error('the example is good');
    const dates = '  By its dates it allows: everyone from 31 January 2031.';
    expect((await explain('a.tif', null, read.model)).lines.slice(0, 4)).toEqual([
      'Nobody in particular: access needed (401) until 31 January 2031, offered: members',
      '  Policy 1 (access.yaml line 2, items **) does not allow it yet: the visitor has been through none of its services.',
      '  Enough is: service members.',
      dates,
    ]);
    expect((await explain('a.tif', null, read.model, null, '2031-01-31T01:00+01:00')).lines).toEqual([
      'Nobody in particular: allowed, like everybody',
      '  Policy 1 (access.yaml line 2, items **) allows everyone.',
      dates,
    ]);
    expect(await explain('a.tif', null, read.model, null, 'tomorrow')).toEqual({
      exit: 1,
      lines: ['"tomorrow" is no time, such as 2027-01-31 or 2027-01-31T09:00+01:00.'],
    });
  });

  it('shows whoever was granted an item that nobody may open, signed in and not', async () => {
    const closed = TEXT.replace('maps/**, allow: everyone', 'theses/**, allow: nobody');
    const read = parseAccessFile(closed, 'access.yaml');
    if (!read.ok) throw new Error('the example is good');
    expect((await explain('theses/a.tif', 'bert', read.model)).lines).toEqual([
      'bert, not signed in: refused (403)',
      '  Policy 1 (access.yaml line 5, items theses/**) allows nobody.',
      'bert, having signed in through members: allowed',
      '  It is allowed, because user bert was granted theses/** until 31 January 1970, and signed in through service members.',
      '  Without it Policy 1 (access.yaml line 5, items theses/**) would decide.',
    ]);
    expect((await explain('theses/a.tif', 'anna', read.model)).lines).toHaveLength(2);
  });

  it('names the service of one item with the item', async () => {
    const read = parseAccessFile(
      "accessServices: { loan: { pattern: clickthrough, label: Loans, perItem: true } }\npolicies: [{ items: '**', allow: [{ service: loan }] }]",
      'access.yaml',
    );
    if (!read.ok) throw new Error('the example is good');
    const { lines } = await explain('books/atlas.tif/3', null, read.model);
    expect(lines.filter((line) => !line.startsWith(' '))).toEqual([
      'books/atlas.tif/3 is judged as books/atlas.tif.',
      'Nobody in particular: access needed (401), offered: loan/books/atlas.tif',
      'Somebody, having agreed to loan/books/atlas.tif: allowed',
    ]);
  });

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

  it('says what an address opens, and what it does not', async () => {
    const text = `accessServices:
  room: { pattern: kiosk, label: Room, networks: [192.0.2.0/24] }
  site: { pattern: external, label: Site }
policies: [{ items: '**', allow: [{ service: room }, { service: site }] }]`;
    const read = parseAccessFile(text, 'access.yaml');
    if (!read.ok) throw new Error('the example is good');
    const policy = 'Policy 1 (access.yaml line 4, items **)';
    expect((await explain('a.tif', null, read.model, '192.0.2.7')).lines).toEqual([
      'Nobody in particular, at 192.0.2.7: allowed',
      `  ${policy} allows it, because the visitor is at 192.0.2.7, in network 192.0.2.0/24 of service room.`,
    ]);
    expect((await explain('a.tif', 'anna', read.model, '203.0.113.5')).lines).toEqual([
      'anna, not signed in, at 203.0.113.5: access needed (401), offered: site',
      `  ${policy} does not allow it yet: the visitor has been through none of its services, and is at 203.0.113.5, in no network of service room.`,
      '  Enough is: service room from 192.0.2.0/24; or service site.',
      'anna, having signed in at /sign-in, for site: allowed',
      `  ${policy} allows it, because user anna signed in here, as service site asks.`,
    ]);
    expect((await explain('a.tif', null, read.model)).lines).toEqual([
      'Nobody in particular: access needed (401), offered: site',
      `  ${policy} does not allow it yet: the visitor has been through none of its services, and is at an unnamed address, in no network of service room.`,
      '  Enough is: service room from 192.0.2.0/24; or service site.',
      'Somebody, in 192.0.2.0/24 (room): allowed',
      `  ${policy} allows it, because the visitor is at 192.0.2.0, in network 192.0.2.0/24 of service room.`,
    ]);
  });

  it('says who gets a tier, by its own rules and by those of the item', async () => {
    const text = `accessServices:
  members: { pattern: login, label: Members }
  terms: { pattern: clickthrough, label: Terms }
policies: [{ items: '**', allow: [{ service: members }], otherwise: { name: low, item: 'small/{path}', for: [{ service: terms }] } }]`;
    const read = parseAccessFile(text, 'access.yaml');
    if (!read.ok) throw new Error('the example is good');
    expect((await explain('a.mp4', null, read.model)).lines).toContain(
      '  Otherwise there is tier low (the item small/{path} in its place) for service terms.',
    );
    const { lines } = await explain('a.mp4/~low', null, read.model);
    expect(lines.filter((line) => !line.startsWith(' '))).toEqual([
      'a.mp4/~low is judged as a.mp4.',
      'Nobody in particular: access needed (401), offered: terms',
      'Somebody, having agreed to terms: allowed',
      'Somebody, having signed in through members: allowed',
    ]);
    expect(lines).toContain('  Enough is: service terms; or service members.');
  });

  it('fails for what is no address', async () => {
    expect(await explain('maps/a.tif', null, readModel(), '192.0.2')).toEqual({
      exit: 1,
      lines: ['"192.0.2" is no address, such as 192.0.2.7 or 2001:db8::7.'],
    });
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

describe('vitrine access diff', () => {
  const items: Pick<ItemSource, 'find' | 'list'> = {
    find: async () => null,
    list: async (folder) => {
      const names = folder === '' ? ['maps'] : ['a.jpg', 'b.jpg'];
      const entry = (name: string) => ({ kind: 'image' as const, path: `${folder}/${name}`, name, bytes: 1, modified: new Date(0) });
      return {
        entries: names.map((name) => (folder === '' ? { kind: 'folder', path: name, name } : entry(name))),
        total: names.length,
        folders: 0,
      };
    },
  };

  async function diff(before: string, after: string): Promise<readonly string[]> {
    const folder = await mkdtemp(join(tmpdir(), 'vitrine-diff-'));
    const files = await Promise.all(
      [before, after].map(async (text, at) => {
        const file = join(folder, `${at}.yaml`);
        await writeFile(file, text);
        return file;
      }),
    );
    const lines: string[] = [];
    await runAccessDiff({ before: files[0] ?? '', after: files[1] ?? '', items, print: (line) => void lines.push(line) });
    await rm(folder, { recursive: true, maxRetries: 10 });
    return lines;
  }

  it('says what becomes of services, and who gains and loses what', async () => {
    const after = TEXT.replace('allow: everyone', 'allow: [{ service: members, roles: [reader] }]').replace(
      'label: Terms',
      'label: Our terms',
    );
    expect(await diff(TEXT, after)).toEqual([
      'Service terms: another label.',
      'Everyone loses ** (2 items).',
      'Role reader keeps ** (2 items).',
    ]);
  });

  it('says that nobody gains or loses anything where that is so', async () => {
    expect(await diff(TEXT, TEXT.replace('maps/**', 'maps/*.jpg'))).toEqual(['Nobody gains or loses anything of 2 items.']);
  });

  it('ends with the mistakes of a file that has some', async () => {
    await expect(diff(TEXT, 'policies: []')).rejects.toThrow(StartProblem);
  });
});

describe('a rule for tokens', () => {
  const read = parseAccessFile(
    `accessServices:
  members: { pattern: login, label: Members }
policies:
  - { items: letters/**, allow: [{ services: [members, tokens], roles: [reader] }] }
  - { items: dumps/**, allow: [{ service: tokens }] }
`,
    'access.yaml',
  );
  const model = read.ok ? read.model : openAccess();

  it('is explained for a user who comes with one', async () => {
    const { lines } = await explain('letters/a.tif', 'anna', model);
    expect(lines).toContain('anna, with a personal access token: allowed');
    expect(lines).toContain(
      '  Policy 1 (access.yaml line 4, items letters/**) allows it, because user anna has role reader and came with a personal access token.',
    );
    expect(lines).toContain(
      '  Enough is: service members as a user with role reader; or a personal access token as a user with role reader.',
    );
    expect((await explain('letters/a.tif', 'bert', model)).lines).toContain(
      '  Policy 1 (access.yaml line 4, items letters/**) does not allow it: user bert came with a personal access token, but has none of the roles reader (the user has no roles).',
    );
  });

  it('alone refuses everybody else, and says what would be enough', async () => {
    expect((await explain('dumps/a.txt', null, model)).lines).toEqual([
      'Nobody in particular: refused (403)',
      '  Policy 2 (access.yaml line 5, items dumps/**) does not allow it yet: the visitor brought no personal access token.',
      '  Enough is: a personal access token.',
    ]);
  });
});
