import { join } from 'node:path';
import { createPasswordHasher } from '../../src/adapters/identity/passwords.ts';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { ADMINISTRATOR_ROLE } from '../../src/domain/administrator.ts';
import { TestVisitor } from './visitor.ts';
import type { TestVitrine } from './vitrine.ts';

export const ADMIN_PASSWORD = 'keys of the whole house';

/** Adds an administrator to the data folder of a server that runs. */
export async function addAdministrator(vitrine: Pick<TestVitrine, 'data'>, name = 'keeper'): Promise<void> {
  const database = await openSqlite(join(vitrine.data, 'vitrine.db'));
  const passwordHash = await createPasswordHasher().hash(ADMIN_PASSWORD);
  await database.users.create({ name, roles: [ADMINISTRATOR_ROLE], passwordHash });
  await database.close();
}

/** A visitor who signed in to the administration; `addAdministrator` comes before. */
export async function signedInAdministrator(vitrine: TestVitrine, name = 'keeper'): Promise<TestVisitor> {
  const visitor = new TestVisitor(vitrine);
  const reply = await visitor.submit('/admin/sign-in', { user: name, password: ADMIN_PASSWORD });
  if (reply.status !== 303) throw new Error(`${name} could not sign in: ${reply.status} ${await reply.text()}`);
  return visitor;
}

/** Sends the form of a page that has the same address, with its hidden fields; the one in the header is another one. */
export async function sendForm(visitor: TestVisitor, path: string, fieldsFor: (page: string) => Record<string, string>): Promise<Response> {
  const page = await (await visitor.ask(path)).text();
  const form = page.split('<form ').findLast((each) => each.includes(`action="${path}"`)) ?? '';
  const hidden = [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
    name,
    value,
  ]);
  return visitor.ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ ...Object.fromEntries(hidden), ...fieldsFor(page) }).toString(),
  });
}

/** Signed in so long ago that dangerous things ask again who it is; every session of an administrator is. */
export async function makeStale(vitrine: TestVitrine): Promise<void> {
  const database = await openSqlite(join(vitrine.data, 'vitrine.db'));
  for (const session of await database.adminSessions.list()) {
    const found = await database.adminSessions.find(session.id);
    if (found !== null) await database.adminSessions.confirm(found.id, found.secretHash, new Date(Date.now() - 11 * 60_000));
  }
  await database.close();
}

/** Every session of an administrator, as if nobody had used it for too long. */
export async function endSessions(vitrine: TestVitrine): Promise<void> {
  const database = await openSqlite(join(vitrine.data, 'vitrine.db'));
  for (const { id } of await database.adminSessions.list()) await database.adminSessions.remove(id);
  await database.close();
}
