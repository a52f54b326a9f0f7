import { beforeEach, describe, expect, it } from 'vitest';
import { fakePeople } from '../../../test/fakes/access.ts';
import { ADMINISTRATOR_ROLE } from '../../domain/administrator.ts';
import type { User } from '../../domain/session.ts';
import { applyImport } from './apply-import.ts';
import { exportPeople } from './export-people.ts';
import { readPeopleCsv } from './people-csv.ts';
import type { Doer } from './people-deps.ts';
import { changes, planImport } from './plan-import.ts';
import { planInWords } from './plan-in-words.ts';

let people: ReturnType<typeof fakePeople>;
let keeper: User;
let doer: Doer;

beforeEach(() => {
  people = fakePeople();
  keeper = people.stores.addUser('keeper', 'keys', [ADMINISTRATOR_ROLE]);
  doer = { actor: 'keeper', via: 'web', address: '192.0.2.9', userId: keeper.id };
});

async function plan(text: string) {
  const file = readPeopleCsv(text);
  if (!file.ok) throw new Error('is no file');
  return planImport(people, doer, file.people);
}

async function run(text: string) {
  return applyImport(people, doer, await plan(text));
}

const FILE = `name,email,roles,state
ADA,ada@example.org,curator reader,active
grace,,curator,disabled
zoë,zoe@example.org,reader,active
yves,,,disabled
keeper,,administrator,active
`;

describe('a dry run', () => {
  it('says what each line would do, and changes nothing', async () => {
    const before = JSON.stringify([...people.stores.accounts]);
    const { lines, mistakes } = await plan(FILE);
    expect(mistakes).toEqual([]);
    expect(lines.filter(changes).map((line) => [line.line, line.name, planInWords(line).join('; ')])).toEqual([
      [2, 'ada', 'has the address ada@example.org; has by hand: roles curator, reader (before: role reader)'],
      [3, 'grace', 'is disabled'],
      [4, 'zoë', 'is added, role reader, zoe@example.org; is invited'],
      [5, 'yves', 'is added, without a role; is disabled'],
    ]);
    expect(JSON.stringify([...people.stores.accounts])).toBe(before);
    expect(people.audit.entries).toEqual([]);
  });

  it.each([
    ['name,email\nzoe,nowhere\n', 2, 'no mail address'],
    ['name\na\u0000b\n', 2, 'can be seen'],
    ['name\nada\nbert\nADA\n', 4, 'ADA is in line 2 already'],
    ['name,state\nkeeper,disabled\n', 2, 'disable yourself'],
    ['name,roles\nada,reader\nkeeper,reader\n', 3, 'No administrator would be left'],
  ])('says what is wrong with %j', async (text, line, why) => {
    expect((await plan(text)).mistakes).toEqual([{ line, sentence: expect.stringContaining(why) }]);
  });

  it('leaves what a source says of people from outside', async () => {
    await people.users.keepOutside({
      source: 'campus',
      subject: 'c',
      name: 'carl',
      email: 'c@x.example',
      roles: ['student'],
      at: new Date(0),
    });
    expect((await plan('name,email\ncarl,other@x.example\n')).mistakes).toMatchObject([{ line: 2 }]);
    await run('name,email,roles\ncarl,c@x.example,staff\n');
    expect(await people.users.find('carl')).toMatchObject({ ownRoles: ['staff'], outsideRoles: ['student'] });
  });

  it('has the same digest for the same plan only', async () => {
    const { digest } = await plan(FILE);
    expect((await plan(FILE)).digest).toBe(digest);
    expect((await plan(FILE.replace('curator reader', 'curator'))).digest).not.toBe(digest);
    await people.users.setRoles('usr_grace', ['staff']);
    expect((await plan(FILE)).digest).not.toBe(digest);
  });
});

describe('an import', () => {
  it('does what was planned, writes down each change, and invites those who are new', async () => {
    const { added, changed, invitations, mistakes } = await run(FILE);
    expect({ added, changed, mistakes }).toEqual({ added: 2, changed: 2, mistakes: [] });
    expect(await people.users.find('ada')).toMatchObject({ name: 'ada', email: 'ada@example.org', ownRoles: ['curator', 'reader'] });
    expect((await people.users.find('grace'))?.disabledAt).not.toBeNull();
    expect(await people.users.find('yves')).toMatchObject({ isInvited: true, disabledAt: people.clock.now() });
    expect(invitations.map(({ name, email }) => [name, email])).toEqual([['zoë', 'zoe@example.org']]);
    expect(invitations[0]?.link.path).toMatch(/^\/invitation\/[\w-]{43}$/);
    const written = people.audit.entries.map(({ action, target, detail }) => `${action} ${target ?? detail}`);
    expect(written.at(-1)).toBe('users.imported 2 added, 2 changed');
    expect(written).toEqual(
      expect.arrayContaining(['user.changed ada', 'user.roles ada', 'user.disabled grace', 'user.created zoë', 'user.invited zoë']),
    );
    expect((await plan(FILE)).lines.filter(changes)).toEqual([]);
  });

  it('lets one administrator take over from another in one file', async () => {
    await run('name,roles\nkeeper,reader\nada,administrator\n');
    expect((await people.users.find('keeper'))?.roles).toEqual(['reader']);
    expect((await people.users.find('ada'))?.roles).toEqual([ADMINISTRATOR_ROLE]);
  });

  it('says which lines could not be done any more', async () => {
    const planned = await plan('name,roles\nada,staff\ngrace,staff\n');
    await people.users.remove('usr_ada');
    expect(await applyImport(people, doer, planned)).toMatchObject({
      changed: 1,
      mistakes: [{ line: 2, sentence: 'This user does not exist any more.' }],
    });
  });

  it('of an export changes nothing', async () => {
    await run(FILE);
    const csv = await exportPeople(people, doer, {});
    expect((await plan(csv)).lines.filter(changes)).toEqual([]);
    expect((await plan(csv)).lines).toHaveLength(5);
    expect(people.audit.entries.at(-1)).toMatchObject({ action: 'users.exported', detail: '5' });
  });
});
