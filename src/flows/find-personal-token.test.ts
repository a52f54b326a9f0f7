import { describe, expect, it } from 'vitest';
import { fakePeople, NO_COOKIES } from '../../test/fakes/access.ts';
import type { Scope } from '../domain/personal-token.ts';
import { isRefusal } from '../lib/problems.ts';
import { findPersonalToken, readPersonalToken } from './find-personal-token.ts';
import { issuePersonalToken } from './issue-personal-token.ts';
import { recogniseVisitor } from './recognise-visitor.ts';
import { removeEndedSessions } from './remove-ended-sessions.ts';
import { revokePersonalToken } from './revoke-personal-token.ts';

type People = ReturnType<typeof fakePeople>;

const BY = { actor: 'ada', via: 'web', address: '192.0.2.7' } as const;

async function tokenOf(people: People, name: string, scopes: readonly Scope[] = ['content'], days = 90) {
  const user = await people.users.find(name);
  if (user === null) throw new Error(`no user ${name}`);
  const issued = await issuePersonalToken(people, user, { name: 'nightly', scopes, days }, BY);
  if (isRefusal(issued)) throw new Error(issued.detail);
  return issued;
}

const recognise = (people: People, authorization: string, more = {}, purpose: 'content' | 'information' | 'page' = 'content') =>
  recogniseVisitor(people, { cookies: NO_COOKIES, authorization, origin: null, address: '192.0.2.7', ...more }, purpose);

describe('a personal token', () => {
  it('is stored as a hash only, and ends when it was asked to', async () => {
    const people = fakePeople();
    const { token, secret } = await tokenOf(people, 'ada', ['content'], 30);
    expect(token.expiresAt.getTime() - people.clock.now().getTime()).toBe(30 * 86_400_000);
    expect(JSON.stringify([...people.personalTokens.byHash])).not.toContain(secret.slice(12, 40));
    people.clock.forward({ hours: 30 * 24 - 1 });
    expect(await findPersonalToken(people, secret)).not.toBeNull();
    people.clock.forward({ hours: 1 });
    expect(await findPersonalToken(people, secret)).toBeNull();
  });

  it('that nobody made is turned away without a look-up, whatever it is', async () => {
    const people = fakePeople();
    const { secret } = await tokenOf(people, 'ada');
    for (const wrong of [secret.slice(0, -1), `${secret.slice(0, -1)}#`, `vitrine_pat_${'a'.repeat(49)}`, 'vitrine_pat_']) {
      expect(await findPersonalToken(people, wrong)).toBeNull();
    }
    expect(people.personalTokens.finds).toBe(0);
  });

  it('is written down as used once an hour', async () => {
    const people = fakePeople();
    const { token, secret } = await tokenOf(people, 'ada');
    const first = people.clock.now();
    await findPersonalToken(people, secret);
    people.clock.forward({ minutes: 59 });
    await findPersonalToken(people, secret);
    expect((await people.personalTokens.findById(token.id))?.usedAt).toEqual(first);
    people.clock.forward({ minutes: 1 });
    await findPersonalToken(people, secret);
    expect((await people.personalTokens.findById(token.id))?.usedAt).toEqual(people.clock.now());
  });

  it('is its user’s, as the user is now, who has been through tokens alone', async () => {
    const people = fakePeople();
    const { secret } = await tokenOf(people, 'ada');
    for (const purpose of ['content', 'information'] as const) {
      const visitor = await recognise(people, `Bearer ${secret}`, {}, purpose);
      expect(visitor).toMatchObject({ by: 'personal-token', user: { name: 'ada', roles: ['reader'] }, sessionId: null });
      expect([...visitor.services]).toEqual(['tokens']);
    }
    await people.users.setRoles('usr_ada', []);
    expect(await recognise(people, `bearer   ${secret}`)).toMatchObject({ user: { roles: [] } });
    await people.users.remove('usr_ada');
    expect(await recognise(people, `Bearer ${secret}`)).toMatchObject({ by: 'nobody', user: null });
  });

  it('is nobody’s while its user is disabled', async () => {
    const people = fakePeople();
    const { token, secret } = await tokenOf(people, 'ada');
    await people.users.disable(token.userId, people.clock.now());
    expect(await recognise(people, `Bearer ${secret}`)).toMatchObject({ by: 'nobody', user: null });
    await people.users.enable(token.userId);
    expect(await recognise(people, `Bearer ${secret}`)).toMatchObject({ user: { name: 'ada' } });
  });

  it('is revoked by its owner, and not by somebody else', async () => {
    const people = fakePeople();
    const { token, secret } = await tokenOf(people, 'ada');
    expect(await revokePersonalToken(people, token.id, BY, { id: 'usr_grace' })).toBe(false);
    expect(await findPersonalToken(people, secret)).not.toBeNull();
    expect(await revokePersonalToken(people, token.id, BY, { id: token.userId })).toBe(true);
    expect(await revokePersonalToken(people, token.id, BY)).toBe(false);
    expect(await findPersonalToken(people, secret)).toBeNull();
  });

  it('is written down when it is made and revoked, without its secret', async () => {
    const people = fakePeople();
    const { token, secret } = await tokenOf(people, 'ada');
    await revokePersonalToken(people, token.id, { ...BY, actor: 'grace' });
    expect(people.audit.entries).toMatchObject([
      { ...BY, action: 'personal-token.created', target: 'ada', detail: expect.stringContaining(`${token.id}, content, until`) },
      { actor: 'grace', action: 'personal-token.revoked', target: 'ada', detail: token.id },
    ]);
    expect(JSON.stringify(people.audit.entries)).not.toContain(secret.slice(12));
  });

  it.each([
    ['on a page of ours', 'page', {}],
    ['from a page in a browser', 'content', { origin: 'https://viewer.example' }],
  ] as const)('is nobody’s %s', async (_where, purpose, more) => {
    const people = fakePeople();
    const { secret } = await tokenOf(people, 'ada');
    expect(await recognise(people, `Bearer ${secret}`, more, purpose)).toMatchObject({ by: 'nobody', user: null });
  });

  it('without the scope content is nobody’s, where content is concerned', async () => {
    const people = fakePeople();
    await people.users.setRoles('usr_ada', ['administrator']);
    const { secret } = await tokenOf(people, 'ada', ['users:read']);
    expect(await recognise(people, `Bearer ${secret}`)).toMatchObject({ by: 'nobody' });
  });

  it('is read from a header that says Bearer, and from nothing else', () => {
    expect(readPersonalToken('Bearer vitrine_pat_x')).toBe('vitrine_pat_x');
    for (const other of [
      null,
      '',
      'vitrine_pat_x',
      'Basic vitrine_pat_x',
      'Bearer abc',
      'Bearer vitrine_pat_x y',
      'Bearer Vitrine_pat_x',
    ]) {
      expect(readPersonalToken(other)).toBeNull();
    }
  });

  it('with an administrator’s scopes is given to administrators alone', async () => {
    const people = fakePeople();
    const ada = await people.users.find('ada');
    if (ada === null) throw new Error('no ada');
    const asked = { name: 'list', scopes: ['content', 'users:read'], days: 1 };
    expect(await issuePersonalToken(people, ada, asked, BY)).toMatchObject({ kind: 'refused', code: 'access.refused' });
    expect(await issuePersonalToken(people, { ...ada, roles: ['administrator'] }, asked, BY)).toMatchObject({
      token: { scopes: asked.scopes },
    });
  });

  it('stays for its owner to see for a month after its end', async () => {
    const people = fakePeople();
    await tokenOf(people, 'ada', ['content'], 1);
    people.clock.forward({ hours: 30 * 24 });
    await removeEndedSessions(people);
    expect(await people.personalTokens.list()).toHaveLength(1);
    people.clock.forward({ hours: 24 });
    await removeEndedSessions(people);
    expect(await people.personalTokens.list()).toEqual([]);
  });
});
