import { createHash } from 'node:crypto';
import type { AdminSession } from '../../src/domain/admin-session.ts';
import type { Device } from '../../src/domain/device.ts';
import type { ItemGrant } from '../../src/domain/item-grant.ts';
import type {
  AdminSessionStore,
  AttemptStore,
  Clock,
  DeviceStore,
  ItemGrantStore,
  PasswordHasher,
  Randomness,
  SessionStore,
  Signer,
  TokenStore,
  UserLinkStore,
  UserStore,
} from '../../src/domain/ports.ts';
import {
  type AccessToken,
  type Grant,
  LOCAL_SOURCE,
  type Opener,
  type SessionId,
  type User,
  type UserId,
} from '../../src/domain/session.ts';
import type { UserLink } from '../../src/domain/user-link.ts';
import { searchWords, userState } from '../../src/domain/user-query.ts';
import { FakePersonalTokens } from './personal-tokens.ts';
import { FakeSecondFactors } from './second-factors.ts';

/** A clock that only a test moves. */
export class FakeClock implements Clock {
  #now = Date.parse('2026-03-01T09:00:00Z');
  now(): Date {
    return new Date(this.#now);
  }
  forward(time: { seconds?: number; minutes?: number; hours?: number }): void {
    this.#now += ((time.hours ?? 0) * 3600 + (time.minutes ?? 0) * 60 + (time.seconds ?? 0)) * 1000;
  }
}

/** Never the same twice, and of the true length and alphabet. Hashes are real, so that a stored secret would be seen. */
export function fakeRandomness(): Randomness {
  let made = 0;
  return {
    token(bytes) {
      made += 1;
      return createHash('sha512')
        .update(`random ${made}`)
        .digest('base64url')
        .slice(0, Math.ceil((bytes * 4) / 3));
    },
    hash: (secret) => createHash('sha256').update(secret).digest('base64url'),
    equal: (a, b) => a === b,
  };
}

/** Not the algorithm of the server, and nobody can tell. */
export function fakeSigner(key = 'a key'): Signer {
  return {
    sign: (purpose, text) =>
      createHash('sha256')
        .update(JSON.stringify([key, purpose, text]))
        .digest('base64url'),
  };
}

/** An account that is kept here, and has done nothing yet. */
export function fakeUser(name: string, roles: readonly string[]): User {
  return {
    id: `usr_${name}`,
    name,
    email: null,
    source: LOCAL_SOURCE,
    subject: null,
    roles,
    ownRoles: roles,
    outsideRoles: [],
    createdAt: new Date(0),
    disabledAt: null,
    lastSignInAt: null,
    isInvited: false,
  };
}

type StoredSession = NonNullable<Awaited<ReturnType<SessionStore['find']>>>;

/** Every store in memory, with what they hold open to a test. */
export class FakeStores {
  readonly openers = new Map<string, Opener>();
  readonly sessionsById = new Map<string, StoredSession>();
  readonly tokensByHash = new Map<string, AccessToken>();
  readonly devicesByName = new Map<string, { device: Device; linkHash: string | null; secretHash: string | null }>();
  readonly accounts = new Map<UserId, { user: User; passwordHash: string | null }>();
  readonly adminSessionsById = new Map<string, AdminSession & { readonly secretHash: string }>();
  readonly itemGrantsById = new Map<string, ItemGrant>();
  readonly linksByHash = new Map<string, UserLink>();
  readonly failures: Array<{ key: string; at: Date }> = [];
  /** Calls of `touch`: writes that use costs. */
  touches = 0;
  /** Set, every look-up of a session fails with it. */
  broken: Error | null = null;

  addUser(name: string, password: string, roles: readonly string[]): User {
    const user = fakeUser(name, roles);
    this.accounts.set(user.id, { user, passwordHash: `hash of ${password}` });
    return user;
  }

  readonly sessions: SessionStore = {
    create: async ({ grants, ...session }) => {
      this.sessionsById.set(session.id, { ...session, usedAt: session.createdAt, grants, partitionSecretHashes: [] });
    },
    find: async (id) => {
      if (this.broken !== null) throw this.broken;
      return this.sessionsById.get(id) ?? null;
    },
    touch: async (id, usedAt) => {
      this.touches += 1;
      this.#change(id, (session) => ({ ...session, usedAt }));
    },
    addGrant: async (id, grant) => this.#change(id, (session) => ({ ...session, grants: [...without(session.grants, grant), grant] })),
    addPartition: async (id, { secretHash }) =>
      this.#change(id, (session) => ({ ...session, partitionSecretHashes: [...session.partitionSecretHashes, secretHash] })),
    rotate: async (old, session) => {
      const grants = this.sessionsById.get(old)?.grants ?? [];
      this.sessionsById.delete(old);
      this.sessionsById.set(session.id, { ...session, usedAt: session.createdAt, grants, partitionSecretHashes: [] });
      for (const [hash, token] of this.tokensByHash) {
        if (token.sessionId === old) this.tokensByHash.set(hash, { ...token, sessionId: session.id });
      }
    },
    remove: async (id) => {
      this.sessionsById.delete(id);
      this.#removeTokens((token) => token.sessionId === id);
    },
    noteOpener: async (id, opener) => {
      this.openers.set(id, opener);
    },
    list: async ({ userId, address, owned, endsAfter, usedSince }, { after, limit }) => {
      const all = [...this.sessionsById.values()]
        .filter((session) => session.endsAt > endsAfter && session.usedAt > usedSince)
        .map((session) => ({ ...session, address: null, userAgent: null, ...this.openers.get(session.id) }))
        .filter((session) => userId === undefined || session.userId === userId)
        .filter((session) => address === undefined || session.address === address)
        .filter((session) => owned === undefined || session.userId !== null)
        .reverse();
      const start = after === undefined ? 0 : all.findIndex(({ id }) => id === after.id) + 1;
      return all.slice(start, start + limit);
    },
    removeAll: async () => {
      const all = [...this.sessionsById.keys()];
      for (const id of all) await this.sessions.remove(id as SessionId);
      return all.length;
    },
    removeOfUser: async (userId) => {
      const own = [...this.sessionsById.values()].filter((session) => session.userId === userId);
      for (const { id } of own) await this.sessions.remove(id);
      return own.length;
    },
    removeGrants: async (id, service, origin) => {
      const goes = (each: { service: string; origin: string | null }) =>
        each.service === service && (origin === undefined || each.origin === null || each.origin === origin);
      this.#change(id, (session) => ({ ...session, grants: session.grants.filter((grant) => !goes(grant)) }));
      this.#removeTokens((token) => token.sessionId === id && goes(token));
    },
    removeEnded: async (before) => {
      const ended = [...this.sessionsById.values()].filter(({ endsAt, usedAt }) => endsAt <= before.endsAt || usedAt <= before.usedAt);
      for (const { id } of ended) await this.sessions.remove(id);
      return ended.length;
    },
    removeUnowned: async () => 0,
  };

  readonly users: UserStore = {
    find: async (name) => this.#allUsers().find((user) => user.name.toLowerCase() === name.toLowerCase()) ?? null,
    findById: async (id) => this.accounts.get(id)?.user ?? null,
    list: async () => this.#allUsers(),
    create: async ({ name, email = null, roles, passwordHash }) => {
      if ((await this.users.find(name)) !== null) return null;
      const user = { ...fakeUser(name, roles), email, isInvited: passwordHash === null };
      this.accounts.set(user.id, { user, passwordHash });
      return user;
    },
    search: async ({ text = '', role, source, state }, { offset, limit }) => {
      const words = searchWords(text);
      const found = this.#allUsers().filter(
        (user) =>
          words.every((word) => searchWords(`${user.name} ${user.email ?? ''}`).some((own) => own.startsWith(word))) &&
          (role === undefined || user.roles.includes(role)) &&
          (source === undefined || user.source === source) &&
          (state === undefined || userState(user) === state),
      );
      return { users: found.slice(offset, offset + limit), total: found.length };
    },
    countRoles: async () => {
      const all = this.#allUsers().flatMap(({ roles }) => roles);
      return new Map([...new Set(all)].sort().map((role) => [role, all.filter((each) => each === role).length]));
    },
    listSources: async () => [...new Set(this.#allUsers().map(({ source }) => source))].sort(),
    keepOutside: async ({ source, subject, name, email, roles, at }) => {
      const known = this.#allUsers().find((user) => user.source === source && user.subject === subject);
      const { ownRoles, ...rest } = known ?? fakeUser(name, []);
      const all = { roles: [...new Set([...ownRoles, ...roles])], ownRoles, outsideRoles: roles };
      const user: User = { ...rest, ...all, source, subject, name, email, lastSignInAt: at };
      this.accounts.set(user.id, { user, passwordHash: null });
      return user;
    },
    noteSignIn: async (id, at) => void this.#changeUser(id, { lastSignInAt: at }),
    change: async (id, { name, email }) => {
      const holder = await this.users.find(name);
      return (holder === null || holder.id === id) && this.#changeUser(id, { name, email });
    },
    remove: async (id) => this.accounts.delete(id),
    setPasswordHash: async (id, passwordHash) => {
      const account = this.accounts.get(id);
      if (account !== undefined) this.accounts.set(id, { user: { ...account.user, isInvited: false }, passwordHash });
      this.#removeLinks(id);
      await this.sessions.removeOfUser(id);
      return account !== undefined;
    },
    setRoles: async (id, roles) => this.#changeUser(id, { roles, ownRoles: roles }),
    disable: async (id, at) => {
      await this.sessions.removeOfUser(id);
      return this.#changeUser(id, { disabledAt: at });
    },
    enable: async (id) => this.#changeUser(id, { disabledAt: null }),
    findPasswordHash: async (id) => this.accounts.get(id)?.passwordHash ?? null,
  };

  readonly userLinks: UserLinkStore = {
    create: async ({ secretHash, ...link }) => {
      this.#removeLinks(link.userId);
      this.linksByHash.set(secretHash, link);
    },
    find: async (secretHash, now) => {
      const link = this.linksByHash.get(secretHash);
      return link !== undefined && link.endsAt > now ? link : null;
    },
    findOfUser: async (userId, now) => [...this.linksByHash.values()].find((link) => link.userId === userId && link.endsAt > now) ?? null,
    use: async (secretHash, now) => {
      const link = await this.userLinks.find(secretHash, now);
      if (link !== null) this.linksByHash.delete(secretHash);
      return link;
    },
    removeEnded: async () => 0,
  };

  readonly tokens: TokenStore = {
    create: async (hash, token) => {
      this.tokensByHash.set(hash, token);
    },
    find: async (hash) => this.tokensByHash.get(hash) ?? null,
    list: async (sessionId) =>
      [...this.tokensByHash].filter(([, token]) => token.sessionId === sessionId).map(([tokenHash, token]) => ({ ...token, tokenHash })),
    remove: async (sessionId, tokenHash) =>
      this.tokensByHash.get(tokenHash)?.sessionId === sessionId && this.tokensByHash.delete(tokenHash),
    removeExpired: async (now) => this.#removeTokens((token) => token.expiresAt <= now),
  };

  readonly personalTokens = new FakePersonalTokens();

  readonly devices: DeviceStore = {
    create: async ({ name, service, linkHash, linkEndsAt, createdAt }) => {
      if (this.devicesByName.has(name)) return null;
      const device: Device = { id: `dev_${name}`, name, service, createdAt, linkEndsAt, usedAt: null };
      this.devicesByName.set(name, { device, linkHash, secretHash: null });
      return device;
    },
    list: async () => [...this.devicesByName.values()].map(({ device }) => device),
    findByLink: async (linkHash, now) => this.#findByLink(linkHash, now)?.device ?? null,
    register: async (linkHash, secretHash, now) => {
      const found = this.#findByLink(linkHash, now);
      if (found === undefined) return null;
      const device = { ...found.device, linkEndsAt: null };
      this.devicesByName.set(device.name, { device, linkHash: null, secretHash });
      return device;
    },
    findBySecret: async (secretHash) => [...this.devicesByName.values()].find((each) => each.secretHash === secretHash)?.device ?? null,
    findById: async (id) => [...this.devicesByName.values()].find(({ device }) => device.id === id)?.device ?? null,
    touch: async (id, usedAt) => {
      for (const [name, stored] of this.devicesByName) {
        if (stored.device.id === id) this.devicesByName.set(name, { ...stored, device: { ...stored.device, usedAt } });
      }
    },
    remove: async (name) => {
      this.#removeTokens(({ deviceId }) => deviceId !== null && deviceId === this.devicesByName.get(name)?.device.id);
      return this.devicesByName.delete(name);
    },
  };

  readonly secondFactors = new FakeSecondFactors();

  readonly adminSessions: AdminSessionStore = {
    create: async (session) => {
      this.adminSessionsById.set(session.id, session);
    },
    find: async (id) => this.adminSessionsById.get(id) ?? null,
    list: async (userId) => [...this.adminSessionsById.values()].filter((each) => userId === undefined || each.userId === userId),
    touch: async (id, usedAt) => this.#changeAdmin(id, { usedAt }),
    confirm: async (id, secretHash, at) => this.#changeAdmin(id, { secretHash, confirmedAt: at }),
    remove: async (id) => this.adminSessionsById.delete(id),
    removeOfUser: async (userId) => this.#removeAdmin((each) => each.userId === userId),
    removeEnded: async ({ endsAt, usedAt }) => this.#removeAdmin((each) => each.endsAt <= endsAt || each.usedAt <= usedAt),
  };

  readonly itemGrants: ItemGrantStore = {
    add: async (grant) => {
      const added: ItemGrant = { ...grant, id: `grt_${this.itemGrantsById.size + 1}` };
      this.itemGrantsById.set(added.id, added);
      return added;
    },
    ofUser: async (userId) => [...this.itemGrantsById.values()].filter((grant) => grant.userId === userId),
    find: async () => null,
    list: async () => [],
    setEnd: async (id, until) => {
      const grant = this.itemGrantsById.get(id);
      if (grant !== undefined) this.itemGrantsById.set(id, { ...grant, until });
      return grant !== undefined;
    },
    remove: async (id) => this.itemGrantsById.delete(id),
    removeEnded: async () => 0,
  };

  readonly attempts: AttemptStore = {
    count: async (key, since) => this.failures.filter((each) => each.key === key && each.at >= since).length,
    add: async (key, at) => {
      this.failures.push({ key, at });
    },
    clear: async (key) => {
      const kept = this.failures.filter((each) => each.key !== key);
      this.failures.splice(0, this.failures.length, ...kept);
    },
    removeBefore: async (time) => {
      const kept = this.failures.filter((each) => each.at >= time);
      return this.failures.splice(0, this.failures.length, ...kept).length - kept.length;
    },
  };

  #change(id: string, make: (session: StoredSession) => StoredSession): void {
    const session = this.sessionsById.get(id);
    if (session !== undefined) this.sessionsById.set(id, make(session));
  }

  #allUsers(): readonly User[] {
    return [...this.accounts.values()].map(({ user }) => user);
  }

  #changeUser(id: UserId, change: Partial<User>): boolean {
    const account = this.accounts.get(id);
    if (account !== undefined) this.accounts.set(id, { ...account, user: { ...account.user, ...change } });
    return account !== undefined;
  }

  #changeAdmin(id: string, to: Partial<AdminSession & { readonly secretHash: string }>): void {
    const session = this.adminSessionsById.get(id);
    if (session !== undefined) this.adminSessionsById.set(id, { ...session, ...to });
  }

  #removeAdmin(which: (session: AdminSession) => boolean): number {
    const ended = [...this.adminSessionsById.values()].filter(which);
    for (const { id } of ended) this.adminSessionsById.delete(id);
    return ended.length;
  }

  #removeLinks(id: UserId): void {
    for (const [hash, link] of this.linksByHash) if (link.userId === id) this.linksByHash.delete(hash);
  }

  #findByLink(linkHash: string, now: Date) {
    return [...this.devicesByName.values()].find(
      (each) => each.linkHash === linkHash && each.device.linkEndsAt !== null && each.device.linkEndsAt > now,
    );
  }

  #removeTokens(which: (token: AccessToken) => boolean): number {
    const found = [...this.tokensByHash].filter(([, token]) => which(token));
    for (const [hash] of found) this.tokensByHash.delete(hash);
    return found.length;
  }
}

function without(grants: readonly Grant[], grant: Grant): readonly Grant[] {
  return grants.filter((each) => each.service !== grant.service || each.origin !== grant.origin);
}

/** `hash of secret` belongs to `secret`. Keeps what it was asked, since each question costs time. */
export class FakePasswords implements PasswordHasher {
  readonly asked: Array<string | null> = [];
  async hash(password: string): Promise<string> {
    return `hash of ${password}`;
  }
  async verify(hash: string | null, password: string): Promise<boolean> {
    this.asked.push(hash);
    return hash === `hash of ${password}`;
  }
}
