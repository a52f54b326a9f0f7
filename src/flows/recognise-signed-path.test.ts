import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cookiesOf, fakePeople, OTHER_VIEWER, SIGNED_VIEWER } from '../../test/fakes/access.ts';
import { fakeSigner } from '../../test/fakes/stores.ts';
import { decide } from '../domain/decide.ts';
import type { Visitor } from '../domain/visitor.ts';
import { findLiveSession } from './find-session.ts';
import { issueAccessToken } from './issue-access-token.ts';
import { type OpenedSession, openSessionFor } from './open-session.ts';
import { recogniseSignedPath } from './recognise-signed-path.ts';
import { recogniseVisitor } from './recognise-visitor.ts';
import { leaveService, signOut } from './sign-out.ts';
import { signPath } from './sign-path.ts';

const ITEM = 'members/letter.jpg';

/** Ada, who signed in for the viewer, and the path that her token got. */
async function started(user = 'ada', origin = SIGNED_VIEWER) {
  const people = fakePeople();
  const account = await people.users.find(user);
  if (account === null) throw new Error(`no ${user}`);
  const grants = ['members', 'terms'].map((service) => ({ service, origin, grantedAt: people.clock.now() }));
  const opened = await openSessionFor(people, account, null, grants);
  const visitor = await byToken(people, opened, 'members', origin);
  return { people, opened, visitor, path: signPath(people, visitor, origin, { identifier: ITEM }) ?? '' };
}

async function byToken(people: ReturnType<typeof fakePeople>, opened: OpenedSession, service: string, origin: string): Promise<Visitor> {
  const issued = await issueAccessToken(people, { service, origin, cookies: cookiesOf(opened) });
  if (issued.kind !== 'issued') throw new Error(issued.profile);
  const evidence = { cookies: new Map<string, string>(), authorization: `Bearer ${issued.token}`, origin, address: '192.0.2.1' };
  return recogniseVisitor(people, evidence, 'information');
}

type Started = Awaited<ReturnType<typeof started>>;

function recognise({ people }: Started, capability: string, changes: { identifier?: string; origin?: string | null } = {}) {
  return recogniseSignedPath(people, { capability, identifier: ITEM, origin: SIGNED_VIEWER, address: '192.0.2.9', ...changes });
}

const mayGo = ({ people }: Started, visitor: Visitor | null) =>
  visitor !== null && decide(people.access(), ITEM, visitor, people.clock.now()).outcome === 'allowed';

describe('a signed path', () => {
  it('stands for the session, the service and the origin of the token, and for nothing else', async () => {
    const start = await started();
    const visitor = await recognise(start, start.path);
    expect(visitor).toEqual({
      address: '192.0.2.9',
      by: 'signed-path',
      sessionId: start.visitor.sessionId,
      user: { name: 'ada', roles: ['reader'], itemGrants: [] },
      services: new Set(['members']),
      devices: new Set(),
      origins: new Set([SIGNED_VIEWER]),
    });
    expect(mayGo(start, visitor)).toBe(true);
  });

  it('is good without an Origin header too: pictures that no script reads come without', async () => {
    const start = await started();
    expect(mayGo(start, await recognise(start, start.path, { origin: null }))).toBe(true);
  });

  it.each(['members/pyramid.tif', 'members/letter.jpg/2', 'members/letter.jpg/~preview', 'members', ''])(
    'opens no other item, no other page and no other tier: %j',
    async (identifier) => {
      const start = await started();
      expect(await recognise(start, start.path, { identifier })).toBeNull();
    },
  );

  it.each([OTHER_VIEWER, 'null', '', `${SIGNED_VIEWER}:443`, `${SIGNED_VIEWER}.evil.example`])(
    'is nobody’s from another origin: %j',
    async (origin) => {
      const start = await started();
      expect(await recognise(start, start.path, { origin })).toBeNull();
    },
  );

  it('is worth nothing once any letter of it has changed', async () => {
    const start = await started();
    await fc.assert(
      fc.asyncProperty(fc.nat(start.path.length - 1), fc.constantFrom(...'AQgw09-_.~%'), async (at, letter) => {
        fc.pre(start.path[at] !== letter);
        expect(await recognise(start, start.path.slice(0, at) + letter + start.path.slice(at + 1))).toBeNull();
      }),
    );
    for (const text of ['', '.', start.path.slice(0, -1), `${start.path}A`, `${start.path}\n`, start.path.split('.')[0] ?? '']) {
      expect(await recognise(start, text)).toBeNull();
    }
  });

  it('is worth nothing with another claim and the old signature', async () => {
    const start = await started();
    const [claims = '', signature = ''] = start.path.split('.');
    const changed = Buffer.from(claims, 'base64url').toString().replace('members', 'terms');
    expect(await recognise(start, `${Buffer.from(changed).toString('base64url')}.${signature}`)).toBeNull();
  });

  it('is worth nothing once the server has another key', async () => {
    const start = await started();
    const rotated = { ...start, people: { ...start.people, signer: fakeSigner('another key') } };
    expect(await recognise(rotated, start.path)).toBeNull();
  });

  it('ends within the announced time, and not before nine tenths of it', async () => {
    const start = await started();
    start.people.clock.forward({ minutes: 53 });
    expect(await recognise(start, start.path)).not.toBeNull();
    start.people.clock.forward({ minutes: 7 });
    expect(await recognise(start, start.path)).toBeNull();
  });

  it('ends no later than the decision that it was given for', async () => {
    const { people, visitor, ...start } = await started();
    const until = new Date(people.clock.now().getTime() + 90_000);
    const path = signPath(people, visitor, SIGNED_VIEWER, { identifier: ITEM, until }) ?? '';
    people.clock.forward({ seconds: 89 });
    expect(await recognise({ people, visitor, ...start }, path)).not.toBeNull();
    people.clock.forward({ seconds: 1 });
    expect(await recognise({ people, visitor, ...start }, path)).toBeNull();
  });

  it('is the same for a while, so that a browser finds what it has', async () => {
    const start = await started();
    start.people.clock.forward({ minutes: 5 });
    expect(signPath(start.people, start.visitor, SIGNED_VIEWER, { identifier: ITEM })).toBe(start.path);
    start.people.clock.forward({ minutes: 2 });
    expect(signPath(start.people, start.visitor, SIGNED_VIEWER, { identifier: ITEM })).not.toBe(start.path);
  });

  it('ends with the session: signed out, idle, or after another sign-in', async () => {
    const out = await started();
    await signOut(out.people, { cookies: cookiesOf(out.opened), address: '192.0.2.7' }, 'session');
    expect(await recognise(out, out.path)).toBeNull();

    const idle = await started();
    const patient = { ...idle, people: { ...idle.people, signedPaths: { ...idle.people.signedPaths, minutes: 600 } } };
    const path = signPath(patient.people, patient.visitor, SIGNED_VIEWER, { identifier: ITEM }) ?? '';
    patient.people.clock.forward({ minutes: 121 });
    expect(await recognise(patient, path)).toBeNull();

    const again = await started();
    const ada = await again.people.users.find('ada');
    const current = await findLiveSession(again.people, cookiesOf(again.opened), 'session');
    if (ada === null) throw new Error('no ada');
    await openSessionFor(again.people, ada, current, []);
    expect(await recognise(again, again.path)).toBeNull();
  });

  it('keeps the session alive while it is used', async () => {
    const start = await started();
    const patient = { ...start, people: { ...start.people, signedPaths: { ...start.people.signedPaths, minutes: 600 } } };
    const path = signPath(patient.people, patient.visitor, SIGNED_VIEWER, { identifier: ITEM }) ?? '';
    for (let hour = 0; hour < 5; hour += 1) {
      patient.people.clock.forward({ hours: 1 });
      expect(await recognise(patient, path)).not.toBeNull();
    }
  });

  it('opens nothing once the role, the account or what the viewer was given is gone', async () => {
    const demoted = await started();
    await demoted.people.users.setRoles('usr_ada', []);
    expect(mayGo(demoted, await recognise(demoted, demoted.path))).toBe(false);

    const removed = await started();
    await removed.people.users.remove('usr_ada');
    expect(await recognise(removed, removed.path)).toBeNull();

    const disabled = await started();
    const session = await disabled.people.sessions.find(disabled.visitor.sessionId ?? 'ses_');
    await disabled.people.users.disable('usr_ada', disabled.people.clock.now());
    if (session !== null) disabled.people.stores.sessionsById.set(session.id, session);
    expect(await recognise(disabled, disabled.path)).toBeNull();

    const left = await started();
    await left.people.sessions.removeGrants(left.visitor.sessionId ?? 'ses_', 'members', SIGNED_VIEWER);
    await left.people.sessions.addGrant(left.visitor.sessionId ?? 'ses_', {
      service: 'members',
      origin: OTHER_VIEWER,
      grantedAt: left.people.clock.now(),
    });
    expect(mayGo(left, await recognise(left, left.path))).toBe(false);
  });

  it('of terms opens nothing more once they are withdrawn', async () => {
    const start = await started();
    const visitor = await byToken(start.people, start.opened, 'terms', SIGNED_VIEWER);
    const path = signPath(start.people, visitor, SIGNED_VIEWER, { identifier: ITEM }) ?? '';
    expect((await recognise(start, path))?.services).toEqual(new Set(['terms']));
    const terms = start.people.access().services.get('terms');
    if (terms === undefined) throw new Error('no terms');
    await leaveService(start.people, terms, { cookies: cookiesOf(start.opened), address: '192.0.2.7' }, 'session');
    expect((await recognise(start, path))?.services).toEqual(new Set());
  });

  it('of a service for one item ends with the minutes that the service gives', async () => {
    const start = await started();
    const terms = start.people.access().services.get('terms');
    if (terms === undefined) throw new Error('no terms');
    const services = new Map([['terms', { ...terms, perItem: true as const, minutes: 10 }]]);
    const people = { ...start.people, access: () => ({ ...start.people.access(), services }) };
    const service = `terms/${ITEM}`;
    const sessionId = start.visitor.sessionId ?? 'ses_';
    await people.sessions.addGrant(sessionId, { service, origin: SIGNED_VIEWER, grantedAt: people.clock.now() });
    const visitor = await byToken(people, start.opened, service, SIGNED_VIEWER);
    const path = signPath(people, visitor, SIGNED_VIEWER, { identifier: ITEM }) ?? '';
    people.clock.forward({ minutes: 9 });
    expect((await recognise({ ...start, people }, path))?.services).toEqual(new Set([service]));
    people.clock.forward({ minutes: 1 });
    expect((await recognise({ ...start, people }, path))?.services).toEqual(new Set());
  });

  it('is nobody’s once its origin is no longer allowed, or its service is no more', async () => {
    const start = await started();
    const fewer = { ...start, people: { ...start.people, signedPaths: { origins: new Set([OTHER_VIEWER]), minutes: 60 } } };
    expect(await recognise(fewer, start.path)).toBeNull();
    const access = { ...start.people.access(), services: new Map() };
    const changed = { ...start, people: { ...start.people, access: () => access } };
    expect((await recognise(changed, start.path))?.services).toEqual(new Set());
  });
});

describe('no signed path', () => {
  it('is given to a viewer that is not on the list', async () => {
    expect((await started('ada', OTHER_VIEWER)).path).toBe('');
  });

  it('is given for a cookie, for a token that another origin sends, or to nobody', async () => {
    const { people, visitor } = await started();
    const path = (who: Visitor, origin: string | null) => signPath(people, who, origin, { identifier: ITEM });
    expect(path(visitor, null)).toBeNull();
    expect(path(visitor, OTHER_VIEWER)).toBeNull();
    expect(path({ ...visitor, by: 'access-cookie' }, SIGNED_VIEWER)).toBeNull();
    expect(path({ ...visitor, by: 'signed-path' }, SIGNED_VIEWER)).toBeNull();
    expect(path({ ...visitor, by: 'nobody', sessionId: null, services: new Set() }, SIGNED_VIEWER)).toBeNull();
  });
});
