import { LOCAL_SOURCE, type User } from '../../domain/session.ts';
import { parseUserName } from '../../domain/user-name.ts';
import { isRefusal } from '../../lib/problems.ts';
import { parseEmail } from './parse-email.ts';
import { by, type Changed, type Doer, notAccepted, type PeopleDeps, USER_IS_GONE } from './people-deps.ts';

/** Name and address of an account that is kept here; those of others are what their source says. */
export async function changeUser(
  deps: PeopleDeps,
  doer: Doer,
  user: User,
  typed: { readonly name: string; readonly email: string },
): Promise<Changed> {
  if (user.source !== LOCAL_SOURCE) return notAccepted(null, `Name and address of ${user.name} are what ${user.source} says.`);
  const name = parseUserName(typed.name);
  if (isRefusal(name)) return notAccepted('name', name.detail);
  const email = parseEmail(typed.email);
  if (isRefusal(email)) return notAccepted('email', email.detail);
  if (name === user.name && email === user.email) return { kind: 'done', user };
  if (!(await deps.users.change(user.id, { name, email }))) {
    return (await deps.users.findById(user.id)) === null
      ? USER_IS_GONE
      : notAccepted('name', `There is already a user ${JSON.stringify(name)}.`);
  }
  const what = [name === user.name ? null : 'name', email === user.email ? null : 'e-mail address'].filter((each) => each !== null);
  await deps.audit.record({ ...by(doer), action: 'user.changed', target: name, detail: what.join(' and ') });
  return { kind: 'done', user: { ...user, name, email } };
}
