import { beforeEach, describe, expect, it } from 'vitest';
import { fakePeople } from '../../../test/fakes/access.ts';
import { createOneTimeIds } from '../../../test/fakes/one-time-ids.ts';
import { createFirstAdministrator, createFirstAdministratorLink, isFirstLinkOpen, newFirstLink } from './first-administrator.ts';

type Deps = ReturnType<typeof fakePeople> & { firstAdministrator: ReturnType<typeof createFirstAdministratorLink> };

let deps: Deps;
/** Of another process of the same server. */
let elsewhere: Deps;
let secret: string;
beforeEach(() => {
  const people = fakePeople();
  const link = newFirstLink(people);
  const oneTimeIds = createOneTimeIds();
  const inOneProcess = () => createFirstAdministratorLink({ ...people, oneTimeIds }, link);
  deps = { ...people, firstAdministrator: inOneProcess() };
  elsewhere = { ...people, firstAdministrator: inOneProcess() };
  secret = link.secret;
});

const given = (name: string, password = 'a long enough one') => ({ name, password, address: '192.0.2.1' });

describe('the link for the first administrator', () => {
  it('holds 256 bits, and is another one at each start', () => {
    expect(secret).toHaveLength(43);
    expect(newFirstLink(deps).secret).not.toBe(secret);
  });

  it('is good for 30 minutes', async () => {
    deps.clock.forward({ minutes: 29 });
    expect(await isFirstLinkOpen(deps, secret)).toBe(true);
    deps.clock.forward({ minutes: 1 });
    expect(await isFirstLinkOpen(deps, secret)).toBe(false);
    expect(await createFirstAdministrator(deps, secret, given('keeper'))).toBeNull();
  });

  it('makes one of several who use it at the same time', async () => {
    const made = await Promise.all(
      ['one', 'two', 'three'].map((name) => createFirstAdministrator(name === 'two' ? elsewhere : deps, secret, given(name))),
    );
    expect(made.filter((each) => each !== null)).toMatchObject([{ roles: ['administrator'] }]);
    expect((await deps.users.list()).filter(({ roles }) => roles.includes('administrator'))).toHaveLength(1);
  });

  it('is not used up by what cannot be taken', async () => {
    expect(await createFirstAdministrator(deps, secret, given('', 'long enough for it'))).toMatchObject({ field: 'name' });
    expect(await createFirstAdministrator(deps, secret, given('Ada', 'long enough for it'))).toMatchObject({ field: 'name' });
    expect(await createFirstAdministrator(deps, secret, given('keeper', 'short'))).toMatchObject({ field: 'password' });
    expect(await createFirstAdministrator(deps, secret, given('keeper'))).toMatchObject({ name: 'keeper' });
  });

  it('is over once there is an administrator, also for one whose account is disabled', async () => {
    const user = deps.stores.addUser('chief', 'x', ['administrator']);
    await deps.users.disable(user.id, deps.clock.now());
    expect(await isFirstLinkOpen(deps, secret)).toBe(false);
  });
});
