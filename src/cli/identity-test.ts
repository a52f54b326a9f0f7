import { join } from 'node:path';
import { createIdentitySource } from '../adapters/identity/create-source.ts';
import { readSecret } from '../adapters/storage/secret-file.ts';
import { openSqlite } from '../adapters/storage/sqlite/open.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { createRandomness } from '../adapters/system/randomness.ts';
import { createSigner } from '../adapters/system/signer.ts';
import { describeTest, newTestLink, TEST_MINUTES, testLines } from '../flows/test-source.ts';
import { askOnce, readPasswordFrom } from './ask-password.ts';
import { readIdentity } from './read-identity.ts';
import { recordCommand } from './record-command.ts';
import type { UserCommandIo } from './user.ts';

export interface IdentityTestOptions {
  readonly name: string;
  readonly file: string;
  /** The data folder of the server. */
  readonly data: string;
  readonly publicUrl: string | null;
  /** Null to be asked for. */
  readonly user: string | null;
  readonly passwordStdin: boolean;
}

const PASSWORD_NEEDED = 'Give the name with --user and the password with --password-stdin, or run this in a terminal.';

/** `vitrine identity test NAME`: 0 where the source knows the person, or the address is printed; 1 where it does not. */
export async function runIdentityTest(options: IdentityTestOptions, io: UserCommandIo): Promise<number> {
  const sources = await readIdentity(options.file);
  const settings = sources.get(options.name);
  if (settings === undefined) {
    io.error(`There is no identity source ${JSON.stringify(options.name)}. The file has ${[...sources.keys()].join(', ')}.`);
    return 1;
  }
  const database = await openSqlite(join(options.data, 'vitrine.db'));
  try {
    const source = createIdentitySource(settings, { clock: systemClock, randomness: createRandomness(), oneTimeIds: database.oneTimeIds });
    if (source.flow !== 'password') return await printAddress(options, io);
    const typed = await askCredentials(options, io);
    if (typed === null) return 1;
    const known = { name: settings.name, type: settings.type, rules: settings.roles };
    const test = await describeTest(database, known, await source.check(typed.user, typed.password));
    for (const line of testLines(test)) io.print(line);
    const detail = test.outcome.kind === 'refused' ? test.outcome.code : 'identified';
    await recordCommand(database, { action: 'identity.tested', target: settings.name, detail });
    return test.outcome.kind === 'identified' ? 0 : 1;
  } finally {
    await database.close();
  }
}

async function askCredentials(
  { user, passwordStdin }: IdentityTestOptions,
  io: UserCommandIo,
): Promise<{ readonly user: string; readonly password: string } | null> {
  if (passwordStdin && user !== null) {
    const password = await readPasswordFrom(io.stdin);
    if (password === null) io.error('The password on standard input is no text, or too long.');
    return password === null ? null : { user, password };
  }
  if (io.stdin.isTTY !== true) {
    io.error(PASSWORD_NEEDED);
    return null;
  }
  const name = user ?? (await askOnce(io.stdin, io.prompt, 'User name (not shown): '));
  const password = name === null ? null : await askOnce(io.stdin, io.prompt, 'Password: ');
  return name === null || password === null ? null : { user: name, password };
}

/** Good at the server that has this data folder. */
async function printAddress({ name, data, publicUrl }: IdentityTestOptions, io: UserCommandIo): Promise<number> {
  const randomness = createRandomness();
  const signer = createSigner(await readSecret(data, () => randomness.token(32)));
  const link = newTestLink({ clock: systemClock, randomness, signer }, name);
  io.print(`Open this in a browser, within ${TEST_MINUTES} minutes, and sign in there. It works once, and nobody is signed in here.`);
  io.print(`${publicUrl?.replace(/\/$/, '') ?? ''}/identity/${name}/start?test=${link}`);
  if (publicUrl === null) io.error('Put the address of the server before it. With --public-url the link is whole.');
  return 0;
}
