import { describe, expect, it } from 'vitest';
import { cookiesOf, fakePeople, NO_COOKIES, VIEWER } from '../../test/fakes/access.ts';
import { findSession } from './find-session.ts';
import { partitionSession } from './partition-session.ts';
import { recogniseVisitor } from './recognise-visitor.ts';
import { signIn } from './sign-in.ts';

async function adaSignsIn() {
  const people = fakePeople();
  const grants = [{ service: 'members', origin: VIEWER }];
  const outcome = await signIn(people, { name: 'ada', password: 'lovelace', address: '192.0.2.7', cookies: NO_COOKIES, grants });
  if (outcome.kind !== 'signed-in') throw new Error('ada could not sign in');
  const cookies = cookiesOf(outcome.opened);
  const found = await findSession(people, cookies, 'access');
  if (found.state !== 'live') throw new Error('no session');
  return { people, cookies, session: found.session };
}

type Started = Awaited<ReturnType<typeof adaSignsIn>>;

async function copy({ people, session, cookies }: Started) {
  const key = await partitionSession(people, session, cookies);
  return new Map([['vitrine-access-p', key?.accessCookie ?? '']]);
}

function visitorOf({ people }: Started, cookies: ReadonlyMap<string, string>, purpose: 'content' | 'information' | 'page') {
  return recogniseVisitor(people, { cookies, authorization: null, origin: null, address: '192.0.2.7' }, purpose);
}

describe('the partitioned copy of a session', () => {
  it('opens what the access cookie opens, and no page', async () => {
    const started = await adaSignsIn();
    const partitioned = await copy(started);
    for (const purpose of ['content', 'information'] as const) {
      expect(await visitorOf(started, partitioned, purpose)).toMatchObject({ by: 'access-cookie', user: { name: 'ada' } });
    }
    expect(await visitorOf(started, partitioned, 'page')).toMatchObject({ by: 'nobody' });
  });

  it('has a secret of its own, of which only the hash is stored', async () => {
    const started = await adaSignsIn();
    const value = (await copy(started)).get('vitrine-access-p') ?? '';
    expect([...started.cookies.values()]).not.toContain(value);
    const stored = JSON.stringify([...started.people.stores.sessionsById.values()]);
    expect(stored).not.toContain(value.split('.')[1]);
    for (const name of ['vitrine-access', 'vitrine-session']) {
      expect(await visitorOf(started, new Map([[name, value]]), 'content')).toMatchObject({ by: 'nobody' });
      expect(await visitorOf(started, new Map([[name, value]]), 'page')).toMatchObject({ by: 'nobody' });
    }
    const other = started.cookies.get('vitrine-access') ?? '';
    expect(await visitorOf(started, new Map([['vitrine-access-p', other]]), 'content')).toMatchObject({ by: 'nobody' });
  });

  it('is made once for each frame', async () => {
    const started = await adaSignsIn();
    const partitioned = await copy(started);
    expect(await partitionSession(started.people, started.session, new Map([...started.cookies, ...partitioned]))).toBeNull();
    expect(await partitionSession(started.people, started.session, started.cookies)).not.toBeNull();
    expect(await visitorOf(started, partitioned, 'content')).toMatchObject({ by: 'access-cookie' });
  });

  it('ends with the session, at once', async () => {
    const started = await adaSignsIn();
    const partitioned = await copy(started);
    await started.people.sessions.remove(started.session.id);
    expect(await visitorOf(started, partitioned, 'content')).toMatchObject({ by: 'nobody' });
    started.people.clock.forward({ hours: 1 });
    const again = await adaSignsIn();
    const idle = await copy(again);
    again.people.clock.forward({ hours: 3 });
    expect(await visitorOf(again, idle, 'content')).toMatchObject({ by: 'nobody' });
  });

  it('stands behind the ordinary cookie, and before one that is worth nothing', async () => {
    const started = await adaSignsIn();
    const stale = new Map([['vitrine-access-p', `ses_${'x'.repeat(22)}.${'y'.repeat(43)}`]]);
    expect(await visitorOf(started, new Map([...started.cookies, ...stale]), 'content')).toMatchObject({ by: 'access-cookie' });
    const partitioned = await copy(started);
    const both = new Map([...partitioned, ['vitrine-access', 'nothing of ours'] as const]);
    expect(await visitorOf(started, both, 'content')).toMatchObject({ by: 'access-cookie' });
  });
});
