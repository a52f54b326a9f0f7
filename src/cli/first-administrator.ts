import { join } from 'node:path';
import { createPasswordHasher } from '../adapters/identity/passwords.ts';
import { openSqlite } from '../adapters/storage/sqlite/open.ts';
import type { Options } from '../config/options.ts';
import { StartProblem } from '../config/start-problem.ts';
import { createAdministrator, hasAdministrator } from '../flows/admin/first-administrator.ts';
import { recordCommand } from './record-command.ts';

/**
 * The first administrator of the options, for set-ups without a person. Does nothing where there is an administrator.
 * @throws StartProblem where name or password cannot be taken.
 */
export async function prepareFirstAdministrator(options: Options): Promise<void> {
  const { firstAdministratorName: name, firstAdministratorPassword: password } = options;
  if (name === null || password === null) return;
  const database = await openSqlite(join(options.data, 'vitrine.db'));
  try {
    if (await hasAdministrator(database.users)) return;
    const made = await createAdministrator({ users: database.users, passwords: createPasswordHasher() }, { name, password });
    if (made !== null && 'sentence' in made) throw new StartProblem([`The first administrator was not made. ${made.sentence}`]);
    await recordCommand(database, { action: 'user.created', target: name, detail: 'the first administrator, from the options' });
  } finally {
    await database.close();
  }
}
