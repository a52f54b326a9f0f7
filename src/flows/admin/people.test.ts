import { beforeEach, describe, expect, it } from 'vitest';
import { fakePeople } from '../../../test/fakes/access.ts';
import { ADMINISTRATOR_ROLE } from '../../domain/administrator.ts';
import type { User } from '../../domain/session.ts';
import { findPasswordLink, setPasswordByLink } from '../set-password-by-link.ts';
import { signIn } from '../sign-in.ts';
import { changeRoles } from './change-roles.ts';
import { changeUser } from './change-user.ts';
import { createUser } from './create-user.ts';
import { disableUser, enableUser } from './disable-user.ts';
import { makeUserLink } from './make-user-link.ts';
import type { Doer } from './people-deps.ts';
import { removeUser } from './remove-user.ts';

const PASSWORD = 'seven green bottles';

let people: ReturnType<typeof fakePeople>;
let keeper: User;
let doer: Doer;

beforeEach(() => {
  people = fakePeople();
  keeper = people.stores.addUser('keeper', 'keys', [ADMINISTRATOR_ROLE]);
  doer = { actor: 'keeper', via: 'web', address: '192.0.2.9', userId: keeper.id };
});

const signedOf = { actor: 'keeper', via: 'web', address: '192.0.2.9' };

async function user(name: string): Promise<User> {
  const found = await people.users.find(name);
  if (found === null) throw new Error(`there is no ${name}`);
  return found;
}

async function signsIn(name: string, password: string): Promise<boolean> {
  const outcome = await signIn(people, { name, password, address: '192.0.2.7', cookies: new Map(), grants: [] });
  return outcome.kind === 'signed-in';
}

async function invited(name = 'zoë'): Promise<{ readonly user: User; readonly secret: string }> {
  const created = await createUser(people, doer, { name, email: `${name}@example.org`, roles: ['reader'], password: null });
  if (created.kind !== 'done' || created.link === null) throw new Error('was not invited');
  return { user: created.user, secret: created.link.path.replace('/invitation/', '') };
}

const chosen = (secret: string, password = PASSWORD, again = password) => ({ secret, password, again, address: '192.0.2.7' });

describe('adding a user', () => {
  it('with a password lets them sign in at once', async () => {
    const created = await createUser(people, doer, {
      name: ' Zoë ',
      email: ' zoe@example.org ',
      roles: ['reader', 'reader'],
      password: PASSWORD,
    });
    expect(created).toMatchObject({ kind: 'done', link: null, user: { name: 'Zoë', email: 'zoe@example.org', ownRoles: ['reader'] } });
    expect(await signsIn('zoë', PASSWORD)).toBe(true);
    expect(people.audit.entries[0]).toEqual({ ...signedOf, action: 'user.created', target: 'Zoë', detail: 'role reader' });
  });

  it.each([
    ['name', { name: ' ' }],
    ['name', { name: 'ADA' }],
    ['email', { email: 'no address' }],
    ['roles', { roles: ['two words'] }],
    ['password', { password: 'short' }],
    ['password', { password: 'zoe.2026.2026' }],
    ['password', { password: 'ExampleLibrary1' }],
  ] as const)('says what is wrong with the %s: %j', async (field, typed) => {
    const all = { name: 'zoe', email: '', roles: [], password: PASSWORD, ...typed };
    expect(await createUser(people, doer, all)).toMatchObject({ kind: 'not-accepted', field });
    expect(people.stores.accounts.size).toBe(3);
    expect(people.audit.entries).toEqual([]);
  });
});

describe('an invitation', () => {
  it('lets the person set the password, once', async () => {
    const { secret } = await invited();
    expect(await signsIn('zoë', '')).toBe(false);
    expect(await findPasswordLink(people, 'invitation', secret)).toMatchObject({ user: { name: 'zoë' } });
    expect(await setPasswordByLink(people, 'invitation', chosen(secret))).toMatchObject({ kind: 'set' });
    expect(await signsIn('zoë', PASSWORD)).toBe(true);
    expect(await setPasswordByLink(people, 'invitation', chosen(secret, 'another good password'))).toEqual({ kind: 'over' });
    expect(await signsIn('zoë', PASSWORD)).toBe(true);
    const written = people.audit.entries.map(({ action, actor, target }) => [action, actor, target]);
    expect(written.slice(0, 4)).toEqual([
      ['user.created', 'keeper', 'zoë'],
      ['user.invited', 'keeper', 'zoë'],
      ['sign-in.failed', undefined, 'zoë'],
      ['user.password', 'zoë', 'zoë'],
    ]);
  });

  it('is stored as a hash only, and named in no audit', async () => {
    const { secret } = await invited();
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify([...people.stores.linksByHash, ...people.audit.entries])).not.toContain(secret);
  });

  it.each([
    ['short', chosen('', 'short'), 'short'],
    ['the name', chosen('', 'example zoë org 26'), 'name'],
    ['a common one', chosen('', 'password1234'), 'common'],
    ['two different ones', chosen('', PASSWORD, 'seven green battles'), 'different'],
  ])('is not used up by a password that is not accepted: %s', async (_what, typed, flaw) => {
    const { secret } = await invited();
    expect(await setPasswordByLink(people, 'invitation', { ...typed, secret })).toMatchObject({ kind: 'flawed', flaw });
    expect(await setPasswordByLink(people, 'invitation', chosen(secret))).toMatchObject({ kind: 'set' });
  });

  it('is good for seven days, and not as a link of another kind', async () => {
    const { secret } = await invited();
    expect(await findPasswordLink(people, 'reset', secret)).toBeNull();
    people.clock.forward({ hours: 7 * 24 - 1 });
    expect(await findPasswordLink(people, 'invitation', secret)).not.toBeNull();
    people.clock.forward({ hours: 1 });
    expect(await setPasswordByLink(people, 'invitation', chosen(secret))).toEqual({ kind: 'over' });
  });

  it('is worth nothing after another one, while its user is disabled, and once the user is gone', async () => {
    const first = await invited();
    const again = await makeUserLink(people, doer, first.user);
    expect(await findPasswordLink(people, 'invitation', first.secret)).toBeNull();
    const secret = again.path.replace('/invitation/', '');
    await disableUser(people, doer, first.user);
    expect(await setPasswordByLink(people, 'invitation', chosen(secret))).toEqual({ kind: 'over' });
    await enableUser(people, doer, await user('zoë'));
    expect(await findPasswordLink(people, 'invitation', secret)).not.toBeNull();
    await removeUser(people, doer, await user('zoë'));
    expect(await findPasswordLink(people, 'invitation', secret)).toBeNull();
  });
});

describe('a link for a new password', () => {
  it('leaves the old one until it is used, for a day, and ends every session', async () => {
    const link = await makeUserLink(people, doer, await user('ada'));
    expect(link).toMatchObject({ kind: 'reset', endsAt: new Date(people.clock.now().getTime() + 24 * 3_600_000) });
    expect(await signsIn('ada', 'lovelace')).toBe(true);
    expect(people.stores.sessionsById.size).toBe(1);
    const typed = chosen(link.path.replace('/reset/', ''));
    expect(await setPasswordByLink(people, 'reset', typed)).toMatchObject({ kind: 'set' });
    expect(people.stores.sessionsById.size).toBe(0);
    expect(await signsIn('ada', 'lovelace')).toBe(false);
    expect(await signsIn('ada', PASSWORD)).toBe(true);
  });

  it('is worth nothing once the password was changed in another way', async () => {
    const ada = await user('ada');
    const link = await makeUserLink(people, doer, ada);
    await people.users.setPasswordHash(ada.id, 'hash of another');
    expect(await findPasswordLink(people, 'reset', link.path.replace('/reset/', ''))).toBeNull();
  });
});

describe('the last administrator', () => {
  it.each([
    ['loses the role', () => changeRoles(people, doer, keeper, ['reader'])],
    ['is disabled', () => disableUser(people, { ...doer, userId: null }, keeper)],
    ['is removed', () => removeUser(people, { ...doer, userId: null }, keeper)],
  ])('never %s', async (_what, change) => {
    const refused = await change();
    expect(refused).toMatchObject({ kind: 'not-accepted' });
    expect(refused.kind === 'not-accepted' ? refused.sentence : '').toContain('keeper is the only administrator');
    expect(await user('keeper')).toEqual(keeper);
    expect(people.audit.entries).toEqual([]);
  });

  it.each([
    ['who is disabled', { disabledAt: new Date(0) }],
    ['who has not used the invitation', { isInvited: true }],
  ])('is not replaced by one %s', async (_what, change) => {
    const other = people.stores.addUser('deputy', 'x', [ADMINISTRATOR_ROLE]);
    people.stores.accounts.set(other.id, { user: { ...other, ...change }, passwordHash: null });
    expect(await changeRoles(people, doer, keeper, [])).toMatchObject({ kind: 'not-accepted', field: 'roles' });
  });

  it('may go when there is another one', async () => {
    people.stores.addUser('deputy', 'x', [ADMINISTRATOR_ROLE]);
    expect(await changeRoles(people, doer, keeper, ['reader'])).toMatchObject({ kind: 'done', user: { roles: ['reader'] } });
  });

  it('keeps the role where a source gives it', async () => {
    const { id } = await people.users.keepOutside({
      source: 'campus',
      subject: 'c',
      name: 'rector',
      email: null,
      roles: [ADMINISTRATOR_ROLE],
      at: new Date(0),
    });
    await people.users.remove(keeper.id);
    const rector = await people.users.findById(id);
    if (rector === null) throw new Error('nobody');
    expect(await changeRoles(people, doer, rector, ['reader'])).toMatchObject({
      kind: 'done',
      user: { roles: ['reader', ADMINISTRATOR_ROLE] },
    });
  });
});

describe('changing people', () => {
  it('nobody disables or removes themselves', async () => {
    people.stores.addUser('deputy', 'x', [ADMINISTRATOR_ROLE]);
    expect(await disableUser(people, doer, keeper)).toMatchObject({ kind: 'not-accepted' });
    expect(await removeUser(people, doer, keeper)).toMatchObject({ kind: 'not-accepted' });
    expect((await user('keeper')).disabledAt).toBeNull();
  });

  it('sets the roles that are given by hand, and writes down both lists', async () => {
    const ada = await user('ada');
    expect(await changeRoles(people, doer, ada, ['curator', 'staff'])).toMatchObject({ kind: 'done' });
    expect((await user('ada')).ownRoles).toEqual(['curator', 'staff']);
    expect(people.audit.entries).toEqual([
      { ...signedOf, action: 'user.roles', target: 'ada', detail: 'roles curator, staff; before: role reader' },
    ]);
    expect(await changeRoles(people, doer, await user('ada'), ['staff', 'curator'])).toMatchObject({ kind: 'done' });
    expect(people.audit.entries).toHaveLength(1);
    expect(await changeRoles(people, doer, ada, ['a b'])).toMatchObject({ kind: 'not-accepted', field: 'roles' });
  });

  it('gives another name and address, unless somebody has the name or a source says it', async () => {
    const ada = await user('ada');
    expect(await changeUser(people, doer, ada, { name: 'grace', email: '' })).toMatchObject({ kind: 'not-accepted', field: 'name' });
    expect(await changeUser(people, doer, ada, { name: 'ada', email: 'x' })).toMatchObject({ kind: 'not-accepted', field: 'email' });
    expect(await changeUser(people, doer, ada, { name: 'Countess', email: 'a@example.org' })).toMatchObject({ kind: 'done' });
    expect(await user('countess')).toMatchObject({ id: ada.id, email: 'a@example.org' });
    expect(people.audit.entries).toEqual([{ ...signedOf, action: 'user.changed', target: 'Countess', detail: 'name and e-mail address' }]);
    const outside = await people.users.keepOutside({
      source: 'campus',
      subject: 'c',
      name: 'carl',
      email: null,
      roles: [],
      at: new Date(0),
    });
    expect(await changeUser(people, doer, outside, { name: 'karl', email: '' })).toMatchObject({ kind: 'not-accepted', field: null });
  });

  it('says so where somebody else was quicker', async () => {
    const ada = await user('ada');
    await people.users.remove(ada.id);
    for (const change of [changeRoles(people, doer, ada, ['x']), disableUser(people, doer, ada), removeUser(people, doer, ada)]) {
      expect(await change).toMatchObject({ kind: 'not-accepted', sentence: 'This user does not exist any more.' });
    }
    expect(people.audit.entries).toEqual([]);
  });
});
