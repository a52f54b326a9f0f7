import { createSealer } from '../../src/adapters/system/sealer.ts';
import type { SessionId } from '../../src/domain/session.ts';
import type { KeptSignIn, KnownSources, PendingSignInStore, SignOn, SignOnStore } from '../../src/domain/sign-on.ts';
import { createOneTimeIds } from './one-time-ids.ts';

/** What signing in with accounts from elsewhere needs, in memory. Without sources, unless a test gives some. */
export function fakeSignOns(sources: KnownSources = new Map()) {
  const kept = new Map<SessionId, SignOn>();
  const pending = new Map<string, KeptSignIn>();
  const findBy = (fits: (signOn: SignOn) => boolean) => [...kept].flatMap(([id, signOn]) => (fits(signOn) ? [id] : []));
  const signOns: SignOnStore = {
    keep: async (id, signOn) => void kept.set(id, signOn),
    forget: async (id) => void kept.delete(id),
    find: async (id) => kept.get(id) ?? null,
    findBySubject: async (source, subject) => findBy((each) => each.source === source && each.subject === subject),
    findByIndex: async (source, hashes) => findBy((each) => each.source === source && hashes.includes(each.sessionIndexHash ?? '')),
  };
  const pendingSignIns: PendingSignInStore = {
    keep: async (signIn) => void pending.set(signIn.keyHash, signIn),
    async take({ keyHash, source, browserHash, now }) {
      const found = pending.get(keyHash);
      if (found === undefined || found.source !== source || found.browserHash !== browserHash || found.endsAt <= now) return null;
      pending.delete(keyHash);
      return found.sealed;
    },
    removeEnded: async () => 0,
  };
  return {
    identitySources: () => sources,
    signOns,
    pendingSignIns,
    sealer: createSealer('the secret of a test'),
    hasPublicUrl: true,
    oneTimeIds: createOneTimeIds(),
    admitAdministrator: () => Promise.reject(new Error('there is no administration')),
  };
}
