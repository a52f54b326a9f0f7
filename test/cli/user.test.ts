import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPasswordHasher } from '../../src/adapters/identity/passwords.ts';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import {
  runUserAdd,
  runUserDisable,
  runUserEnable,
  runUserList,
  runUserPassword,
  runUserRemove,
  runUserRoles,
  type UserCommandIo,
} from '../../src/cli/user.ts';
import { runUserExport, runUserImport } from '../../src/cli/user-csv.ts';
import { idOf } from '../contracts/stored-people.ts';

const PASSWORD = 'correct horse';

let folder: string;
let data: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-user-'));
  data = join(folder, 'not', 'yet', 'there');
});
afterEach(() => rm(folder, { recursive: true, maxRetries: 10 }));

interface Screen {
  readonly io: UserCommandIo;
  readonly printed: string[];
  readonly errors: string[];
  readonly prompts: string[];
}

function screen(stdin: UserCommandIo['stdin']): Screen {
  const [printed, errors, prompts]: [string[], string[], string[]] = [[], [], []];
  const io = {
    stdin,
    print: (line: string) => void printed.push(line),
    error: (line: string) => void errors.push(line),
    prompt: (text: string) => void prompts.push(text),
  };
  return { io, printed, errors, prompts };
}

function piped(input: string | Uint8Array = ''): Screen {
  return screen(Readable.from([Buffer.from(input)]));
}

/** A terminal at which somebody answers each question as it comes. */
function terminal(answers: readonly string[]): Screen & { rawMode: ReturnType<typeof vi.fn> } {
  const rawMode = vi.fn();
  const keyboard = Object.assign(new PassThrough(), { isTTY: true, setRawMode: rawMode });
  const left = [...answers];
  const shown = screen(keyboard);
  const prompt = (text: string): void => {
    shown.io.prompt(text);
    if (text.endsWith(': ')) keyboard.write(left.shift() ?? '\u0003');
  };
  return { ...shown, io: { ...shown.io, prompt }, rawMode };
}

async function add(name: string, roles: readonly string[] = [], password = PASSWORD): Promise<void> {
  expect(await runUserAdd({ name, roles, passwordStdin: true, data }, piped(`${password}\n`).io)).toBe(0);
}

async function signsIn(name: string, password: string): Promise<boolean> {
  const db = await openSqlite(join(data, 'vitrine.db'));
  const hash = await db.users.findPasswordHash(await idOf(db, name));
  await db.close();
  return createPasswordHasher().verify(hash, password);
}

async function listed(): Promise<readonly string[]> {
  const shown = piped();
  expect(await runUserList({ data }, shown.io)).toBe(0);
  return shown.printed;
}

describe('vitrine user add', () => {
  it('makes the data folder, and a user who can sign in', async () => {
    const shown = piped(`${PASSWORD}\n`);
    expect(await runUserAdd({ name: 'Ada', roles: ['reader', 'curator', 'reader'], passwordStdin: true, data }, shown.io)).toBe(0);
    expect(shown.printed).toEqual([
      'Added Ada, roles reader, curator.',
      `This is the first user in ${data}, the data folder to serve with.`,
    ]);
    const second = piped(`${PASSWORD}\n`);
    await runUserAdd({ name: 'Bob', roles: [], passwordStdin: true, data }, second.io);
    expect(second.printed).toEqual(['Added Bob, without a role.']);
    expect(shown.errors).toEqual([]);
    expect((await stat(data)).mode & 0o777).toBe(0o700);
    expect(await signsIn('ada', PASSWORD)).toBe(true);
  });

  it.each([
    ['without a line end', PASSWORD],
    ['with one', `${PASSWORD}\n`],
    ['with one of Windows', `${PASSWORD}\r\n`],
  ])('reads the password %s', async (_what, input) => {
    expect(await runUserAdd({ name: 'ada', roles: [], passwordStdin: true, data }, piped(input).io)).toBe(0);
    expect(await signsIn('ada', PASSWORD)).toBe(true);
  });

  it('keeps the spaces of a password', async () => {
    await add('ada', [], '  correct horse ');
    expect(await signsIn('ada', '  correct horse ')).toBe(true);
    expect(await signsIn('ada', 'correct horse')).toBe(false);
  });

  it.each([
    ['nothing', '', 'at least 10'],
    ['an empty line', '\n', 'at least 10'],
    ['too little', 'ninechars\n', 'at least 10'],
    ['the name', 'Ada Lovelace\n', 'name of the user'],
    ['two lines', `${PASSWORD}\n${PASSWORD}\n`, 'one line'],
    ['no text', Uint8Array.of(0xff, 0xfe, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10), 'no UTF-8 text'],
    ['far too much', 'x'.repeat(100_000), 'far too long'],
  ])('refuses %s as a password, and adds nobody', async (_what, input, why) => {
    const shown = piped(input);
    expect(await runUserAdd({ name: 'ada lovelace', roles: [], passwordStdin: true, data }, shown.io)).toBe(1);
    expect(shown.errors.join()).toContain(why);
    expect(await listed()).toEqual([]);
  });

  it('refuses a name that is taken, in any case, before it asks for a password', async () => {
    await add('ada');
    const shown = terminal([]);
    expect(await runUserAdd({ name: 'ADA', roles: [], passwordStdin: false, data }, shown.io)).toBe(1);
    expect(shown.errors).toEqual(['There is already a user "ADA".']);
    expect(shown.prompts).toEqual([]);
  });

  it.each(['', ' ', 'a\nb', 'x'.repeat(101)])('refuses the name %j', async (name) => {
    const shown = piped(PASSWORD);
    expect(await runUserAdd({ name, roles: [], passwordStdin: true, data }, shown.io)).toBe(2);
    expect(shown.errors).toHaveLength(1);
  });

  it.each(['', 'two words', 'a,b', '"a"', 'x'.repeat(65)])('refuses the role %j', async (role) => {
    const shown = piped(PASSWORD);
    expect(await runUserAdd({ name: 'ada', roles: ['reader', role], passwordStdin: true, data }, shown.io)).toBe(2);
    expect(shown.errors.join()).toContain('is no role name');
  });

  it('says how to give the password where nobody can be asked', async () => {
    const shown = piped(PASSWORD);
    expect(await runUserAdd({ name: 'ada', roles: [], passwordStdin: false, data }, shown.io)).toBe(2);
    expect(shown.errors.join()).toContain('--password-stdin');
    expect(await listed()).toEqual([]);
  });

  it.each([false, true])('asks a person twice, without echo (--password-stdin: %s)', async (passwordStdin) => {
    const shown = terminal([`${PASSWORD}\r`, `${PASSWORD}\r`]);
    expect(await runUserAdd({ name: 'ada', roles: [], passwordStdin, data }, shown.io)).toBe(0);
    expect(shown.prompts).toEqual(['Password: ', '\n', 'Password, once more: ', '\n']);
    expect(shown.rawMode.mock.calls).toEqual([[true], [false]]);
    expect(await signsIn('ada', PASSWORD)).toBe(true);
  });

  it('takes what was corrected with the backspace key', async () => {
    const shown = terminal(['correct horsf\u007fe\r', `${PASSWORD}\r`]);
    expect(await runUserAdd({ name: 'ada', roles: [], passwordStdin: false, data }, shown.io)).toBe(0);
    expect(await signsIn('ada', PASSWORD)).toBe(true);
  });

  it('adds nobody when the two answers differ', async () => {
    const shown = terminal([`${PASSWORD}\r`, 'correct house\r']);
    expect(await runUserAdd({ name: 'ada', roles: [], passwordStdin: false, data }, shown.io)).toBe(1);
    expect(shown.errors).toEqual(['The two passwords differ; nothing has changed.']);
    expect(await listed()).toEqual([]);
  });

  it.each([[['\u0003']], [['\u0004']], [[`${PASSWORD}\r`, '\u0003']]])('gives up when the person does (%j)', async (answers) => {
    const shown = terminal(answers);
    expect(await runUserAdd({ name: 'ada', roles: [], passwordStdin: false, data }, shown.io)).toBe(130);
    expect(shown.rawMode.mock.lastCall).toEqual([false]);
    expect(await listed()).toEqual([]);
  });

  it('says what is wrong with the data folder', async () => {
    await writeFile(join(folder, 'file'), '');
    const shown = piped(PASSWORD);
    expect(await runUserAdd({ name: 'ada', roles: [], passwordStdin: true, data: join(folder, 'file') }, shown.io)).toBe(1);
    expect(shown.errors.join()).toMatch(/^The database .*vitrine\.db cannot be opened: what should be its folder is a file\.$/);
  });
});

describe('vitrine user list', () => {
  it('prints a line for each, in columns', async () => {
    await add('bob');
    await add('Ada Lovelace', ['reader', 'curator']);
    await runUserDisable({ name: 'bob', data }, piped().io);
    const today = new Date().toISOString().slice(0, 4);
    expect((await listed()).map((line) => line.replace(/\d\d-\d\d$/, ''))).toEqual([
      'NAME          ROLES            SOURCE  STATE     SINCE',
      `Ada Lovelace  reader, curator  local   active    ${today}-`,
      `bob                            local   disabled  ${today}-`,
    ]);
  });

  it('prints nothing for scripts when there is nobody, and says so to people', async () => {
    const shown = piped();
    expect(await runUserList({ data }, shown.io)).toBe(0);
    expect(shown.printed).toEqual([]);
    expect(shown.errors.join()).toContain('no users yet');
  });
});

describe('vitrine user remove, password and roles', () => {
  it('know nobody of an unknown name', async () => {
    await add('ada');
    for (const run of [
      (io: UserCommandIo) => runUserRemove({ name: 'bob', data }, io),
      (io: UserCommandIo) => runUserPassword({ name: 'bob', passwordStdin: true, data }, io),
      (io: UserCommandIo) => runUserDisable({ name: 'bob', data }, io),
      (io: UserCommandIo) => runUserEnable({ name: 'bob', data }, io),
      (io: UserCommandIo) => runUserRoles({ name: 'bob', roles: ['reader'], none: false, data }, io),
    ]) {
      const shown = piped(PASSWORD);
      expect(await run(shown.io)).toBe(1);
      expect(shown.errors).toEqual([`There is no user "bob". The data folder is ${data}.`]);
      expect(shown.printed).toEqual([]);
    }
  });

  it('remove a user, whatever the case of the name', async () => {
    await add('Ada');
    const shown = piped();
    expect(await runUserRemove({ name: 'aDA', data }, shown.io)).toBe(0);
    expect(shown.printed).toEqual(['Removed Ada, and ended every session of theirs.']);
    expect(await listed()).toEqual([]);
  });

  it('disable and enable a user, each once', async () => {
    await add('ada');
    const run = async (command: typeof runUserDisable) => {
      const shown = piped();
      return [await command({ name: 'ADA', data }, shown.io), ...shown.printed, ...shown.errors];
    };
    expect(await run(runUserEnable)).toEqual([1, 'ada is not disabled.']);
    expect(await run(runUserDisable)).toEqual([0, 'ada is disabled, and every session of theirs has ended.']);
    expect(await run(runUserDisable)).toEqual([1, 'ada is disabled already.']);
    expect(await run(runUserEnable)).toEqual([0, 'ada can sign in again.']);
  });

  it('leave what belongs to the identity source of somebody from outside: the password, and roles', async () => {
    const db = await openSqlite(join(data, 'vitrine.db'));
    const anna = { source: 'campus', subject: 'a1', name: 'anna', email: null, roles: ['student'], at: new Date() };
    await db.users.keepOutside(anna);
    await db.close();
    const password = piped('battery staple\n');
    expect(await runUserPassword({ name: 'anna', passwordStdin: true, data }, password.io)).toBe(1);
    expect(password.errors).toEqual(['anna signs in through campus, and has no password here.']);
    const roles = piped();
    expect(await runUserRoles({ name: 'anna', roles: ['curator'], none: false, data }, roles.io)).toBe(0);
    expect(await runUserRoles({ name: 'anna', roles: [], none: false, data }, roles.io)).toBe(0);
    expect(roles.printed).toEqual(['anna: role curator; from campus: student.', 'anna: role curator; from campus: student.']);
    expect((await listed())[1]).toContain('curator, student  campus');
  });

  it('set a password, as strong as a first one has to be', async () => {
    await add('ada');
    expect(await runUserPassword({ name: 'ada', passwordStdin: true, data }, piped('short\n').io)).toBe(1);
    expect(await signsIn('ada', PASSWORD)).toBe(true);
    expect(await runUserPassword({ name: 'ADA', passwordStdin: true, data }, piped('battery staple\n').io)).toBe(0);
    expect(await signsIn('ada', PASSWORD)).toBe(false);
    expect(await signsIn('ada', 'battery staple')).toBe(true);
  });

  it('set the roles, say them, and take them away', async () => {
    await add('ada', ['reader']);
    const roles = async (given: readonly string[], none = false): Promise<readonly string[]> => {
      const shown = piped();
      expect(await runUserRoles({ name: 'ada', roles: given, none, data }, shown.io)).toBe(0);
      return shown.printed;
    };
    expect(await roles([])).toEqual(['ada: role reader.']);
    expect(await roles(['curator', 'staff'])).toEqual(['ada: roles curator, staff.']);
    expect(await roles([])).toEqual(['ada: roles curator, staff.']);
    expect(await roles([], true)).toEqual(['ada: without a role.']);
    expect(await runUserRoles({ name: 'ada', roles: ['reader'], none: true, data }, piped().io)).toBe(2);
  });
});

describe('vitrine user import and export', () => {
  const csv = async (text: string | Uint8Array) => {
    const file = join(folder, 'people.csv');
    await writeFile(file, text);
    return file;
  };
  const run = async (text: string | Uint8Array, dryRun = false) => {
    const shown = piped();
    const exit = await runUserImport({ file: await csv(text), data, dryRun }, shown.io);
    return { exit, printed: shown.printed, errors: shown.errors.map((line) => line.replace(folder, '')) };
  };

  it('say what would be done, do it, and print invitations', async () => {
    await add('ada', ['reader']);
    const text = 'name,email,roles\nada,,curator\nzoe,zoe@example.org,reader\n';
    const dry = await run(text, true);
    expect(dry.printed).toEqual([
      'Line 2: ada has by hand: role curator (before: role reader).',
      'Line 3: zoe is added, role reader, zoe@example.org; is invited.',
    ]);
    expect(await listed()).toHaveLength(2);
    const done = await run(text);
    expect(done.exit).toBe(0);
    expect(done.printed.slice(2)).toEqual(['1 added, 1 changed.', expect.stringMatching(/^zoe\t\/invitation\/[\w-]{43}$/)]);
    expect((await listed()).map((line) => line.split(/ {2,}/).slice(0, 4))).toEqual([
      ['NAME', 'ROLES', 'SOURCE', 'STATE'],
      ['ada', 'curator', 'local', 'active'],
      ['zoe', 'reader', 'local', 'invited'],
    ]);
    expect((await run(text)).printed).toEqual(['Everybody is as the file says.']);
  });

  it('name the lines that are wrong, and do nothing', async () => {
    expect(await run('name,state\nbob,active\n,active\n')).toEqual({
      exit: 1,
      printed: [],
      errors: ['/people.csv:3: A user needs a name.'],
    });
    expect(await run(Uint8Array.of(0xff))).toMatchObject({ exit: 1, errors: ['/people.csv is not text in UTF-8.'] });
    expect(await listed()).toEqual([]);
    const gone = piped();
    expect(await runUserImport({ file: join(folder, 'gone.csv'), data, dryRun: false }, gone.io)).toBe(1);
    expect(gone.errors.join()).toContain('it does not exist');
  });

  it('write what they read', async () => {
    await add('ada', ['reader', 'curator']);
    const shown = piped();
    expect(await runUserExport({ file: '-', data }, shown.io)).toBe(0);
    expect(shown.printed).toEqual(['\ufeffname,email,roles,state\r\nada,,reader curator,active']);
    const file = join(folder, 'all.csv');
    expect(await runUserExport({ file, data }, piped().io)).toBe(0);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const back = piped();
    expect(await runUserImport({ file, data, dryRun: false }, back.io)).toBe(0);
    expect(back.printed).toEqual(['Everybody is as the file says.']);
  });
});

describe('the audit', () => {
  it('names what was changed at the command line, and nothing that was only looked at', async () => {
    await add('Ada', ['reader']);
    await listed();
    await runUserRoles({ name: 'ada', roles: [], none: false, data }, piped().io);
    await runUserRoles({ name: 'ada', roles: ['curator'], none: false, data }, piped().io);
    await runUserPassword({ name: 'ada', passwordStdin: true, data }, piped('another password\n').io);
    await runUserDisable({ name: 'ada', data }, piped().io);
    await runUserDisable({ name: 'ada', data }, piped().io);
    await runUserEnable({ name: 'ada', data }, piped().io);
    await runUserRemove({ name: 'ada', data }, piped().io);
    await runUserRemove({ name: 'ada', data }, piped().io);
    const db = await openSqlite(join(data, 'vitrine.db'));
    const events = await db.audit.list({ person: 'ada' }, { limit: 10 });
    await db.close();
    const said = events.map(({ action, actor, via, target, detail }) => ({ action, actor, via, target, detail }));
    const byCommand = { actor: null, via: 'command line', target: 'Ada' };
    expect(said.reverse()).toEqual([
      { ...byCommand, action: 'user.created', detail: 'role reader' },
      { ...byCommand, action: 'user.roles', detail: 'role curator' },
      { ...byCommand, action: 'user.password', detail: null },
      { ...byCommand, action: 'user.disabled', detail: null },
      { ...byCommand, action: 'user.enabled', detail: null },
      { ...byCommand, action: 'user.removed', detail: null },
    ]);
  });
});
