import type { Plan } from '../iiif/image/plan.ts';
import type { GivenDocument } from '../iiif/presentation/given/recognise-document.ts';
import type { AccessRequest, AccessRequestId, ListedAccessRequest, RequestDecision } from './access-request.ts';
import type { AdminSession, AdminSessionId } from './admin-session.ts';
import type { CatalogueEntry } from './catalogue.ts';
import type { CacheStats, DerivativeKey, Making, Purge, Purged } from './derivative.ts';
import type { Device, DeviceId } from './device.ts';
import type { FolderEntry, Item, MediaDescription, Source, SourceDescription, StreamPart } from './item.ts';
import type { ItemGrant, ItemGrantId, ListedItemGrant } from './item-grant.ts';
import type { PersonalToken, PersonalTokenId, Scope } from './personal-token.ts';
import type { AccessToken, Grant, ListedSession, ListedToken, Opener, Session, SessionFilter, SessionId, User, UserId } from './session.ts';
import type { UserLink } from './user-link.ts';
import type { UserQuery } from './user-query.ts';

/** Where items come from. */
export interface ItemSource {
  /** Null when nothing is there, or the identifier leads out of the folder in any way. */
  find(identifier: string): Promise<Item | null>;
  /** Entries of one folder (`''` is the root), folders first, in natural order, or its items alone; null when there is no such folder. */
  list(folder: string, page: { offset: number; limit: number; only?: 'items' }): Promise<FolderListing | null>;
}

export interface FolderListing {
  readonly entries: readonly FolderEntry[];
  /** Of the whole folder, as far as asked for. */
  readonly total: number;
  /** How many of these are folders. */
  readonly folders: number;
}

/** What somebody wrote down about pictures and folders. */
export interface Catalogue {
  /** About a file or a folder, by its path; `''` is the root. Null where nothing is written that can be read. */
  find(path: string): Promise<CatalogueEntry | null>;
}

/** Manifests and collections that somebody already has. */
export interface GivenManifests {
  /** Null where there is none of this name. Rejects with `Failure` where its file cannot be read. */
  find(name: string): Promise<StoredManifest | null>;
  /** The first ones in natural order; those that cannot be read are left out. */
  list(most: number): Promise<readonly StoredManifest[]>;
}

export interface StoredManifest extends GivenDocument {
  /** Path of its file in their folder, without the ending. */
  readonly name: string;
}

/**
 * Bytes of sources that are in an object store (`Source.remote`). Rejects with `Failure`: `source.unreachable` or `source.slow`
 * where the store does not answer as it should, `source.broken` where the bytes are not those that were found.
 */
export interface RemoteFiles {
  read(source: Source, start: number, length: number): Promise<Uint8Array>;
  /** The same, as it is wanted. */
  stream(source: Source, start: number, length: number): AsyncIterable<Uint8Array>;
  /** Brings the whole source here, where it is not here yet, and lends the file for the time of `use`. */
  borrow<T>(source: Source, use: (file: string) => Promise<T>): Promise<T>;
}

/** Files of streams: a folder with a playlist, and what lies in and below it. */
export interface StreamSource {
  /** Null where nothing is there, or it belongs to no stream. */
  findPart(path: string): Promise<StreamPart | null>;
}

/** The bytes of files, as they are. */
export interface MediaFiles {
  /** Bytes from `start` on, `length` of them, read as they are wanted. Rejects with `Failure` where the file is not the one that was found. */
  read(source: Source, start: number, length: number): AsyncIterable<Uint8Array>;
  /** Reads headers only; what cannot be read is null, never a failure. */
  describe(item: Item): Promise<MediaDescription>;
}

/** Pixels. Throws `Failure` (`source.broken`, `source.unsupported`, `source.too-large`) naming the file in its private detail. */
export interface ImageReader {
  /** Of the source, whatever the tier. */
  describe(item: Item): Promise<SourceDescription>;
  /** The derivative made of stored tiles as they are. Null where pixels must be made: then it is for `render`. */
  copy(item: Item, plan: Plan): Promise<Uint8Array | null>;
  /** Makes the derivative; of a tier, the plan is in its own pixels. Aborting drops it before it starts. */
  render(item: Item, description: SourceDescription, plan: Plan, signal: AbortSignal): Promise<Uint8Array>;
}

/** The same as far as nothing has to be waited for; null where something has. */
export interface ImagesAtOnce {
  describeAtOnce(item: Item): SourceDescription | null;
  /** Null too where pixels must be made, or something is to be said about the source. */
  copyAtOnce(item: Item, plan: Plan): Uint8Array | null;
}

/** Derivatives kept, by a key that holds everything that changes pixels and never the person. */
export interface DerivativeCache {
  /** What is in memory. */
  recall(key: DerivativeKey): Uint8Array | null;
  /** What is in memory or elsewhere. Never fails: what cannot be read is not there. */
  get(key: DerivativeKey): Uint8Array | null | Promise<Uint8Array | null>;
  /** What was begun before a purge of it is not kept. The bytes are not to be changed any more. */
  put(key: DerivativeKey, bytes: Uint8Array, making: Making): void;
}

/** What is kept in memory, for those who keep it too, as part of something larger. */
export interface DerivativeSharing {
  /** The same bytes lie elsewhere: one copy is enough. Tells whether they are kept. */
  share(key: DerivativeKey, bytes: Uint8Array): boolean;
}

/** The same for those who look after it. */
export interface DerivativeKeeper {
  stats(): Promise<CacheStats>;
  /** And all else that is kept of these items. From disk and from this process at once, from others within seconds. */
  purge(purge: Purge): Promise<Purged>;
}

/** What keeps something of items beside derivatives. */
export interface ItemKeeper {
  /** Forgets what it has in memory of these items, and removes what it has on disk. Tells how many files went. */
  purge(purge: Purge): Promise<number>;
}

export interface UserStore {
  /** By name, whatever its case. Disabled ones too, as everywhere here: whoever lets somebody in looks at `disabledAt`. */
  find(name: string): Promise<User | null>;
  findById(id: UserId): Promise<User | null>;
  /** Everybody, by name. */
  list(): Promise<readonly User[]>;
  /** A page of those who are wanted, by name, and how many there are in all. */
  search(query: UserQuery, page: { readonly offset: number; readonly limit: number }): Promise<UserPage>;
  /** How many users have each role that somebody has. */
  countRoles(): Promise<ReadonlyMap<string, number>>;
  /** All sources that somebody comes from, in alphabetical order. */
  listSources(): Promise<readonly string[]>;
  /** An account that is kept here; without a password nobody can sign in to it yet. Null when the name is taken. */
  create(user: { name: string; email?: string | null; roles: readonly string[]; passwordHash: string | null }): Promise<User | null>;
  /**
   * Somebody who signed in through a source outside, as it describes them now: added, or brought up to date. `source` and
   * `subject` are the person. A name that somebody else has is kept with the source behind it; roles given by hand stay;
   * who is disabled stays so, and has not signed in.
   */
  keepOutside(person: OutsidePerson): Promise<User>;
  noteSignIn(id: UserId, at: Date): Promise<void>;
  /** False where the name is taken, or the user is gone. */
  change(id: UserId, to: { readonly name: string; readonly email: string | null }): Promise<boolean>;
  /** Ends the user's sessions too. */
  remove(id: UserId): Promise<boolean>;
  /** Ends the user's sessions too, an administrator's as well, and every link by which a password could be set. */
  setPasswordHash(id: UserId, passwordHash: string): Promise<boolean>;
  /** Those given by hand; those of a source stay as they are. */
  setRoles(id: UserId, roles: readonly string[]): Promise<boolean>;
  /** From now on the user is nobody, and every session has ended. False for one who is so already. */
  disable(id: UserId, at: Date): Promise<boolean>;
  /** False for one who is not disabled. */
  enable(id: UserId): Promise<boolean>;
  /** Null for nobody, and where there is no password: not yet, or because it is kept elsewhere. */
  findPasswordHash(id: UserId): Promise<string | null>;
}

export interface UserPage {
  readonly users: readonly User[];
  readonly total: number;
}

/** Links by which people set passwords. Secrets come in hashed; the store never sees one. */
export interface UserLinkStore {
  /** The user's only link: one from before is worth nothing any more. */
  create(link: UserLink & { readonly secretHash: string }): Promise<void>;
  /** Null where it was used or is over. */
  find(secretHash: string, now: Date): Promise<UserLink | null>;
  /** The one that is in force. */
  findOfUser(userId: UserId, now: Date): Promise<UserLink | null>;
  /** Uses it up. Null where it was used or is over. */
  use(secretHash: string, now: Date): Promise<UserLink | null>;
  removeEnded(now: Date): Promise<number>;
}

export interface OutsidePerson {
  readonly source: string;
  readonly subject: string;
  readonly name: string;
  readonly email: string | null;
  readonly roles: readonly string[];
  readonly at: Date;
}

/** Secrets come in hashed; the store never sees one. */
export interface SessionStore {
  create(session: {
    id: SessionId;
    sessionSecretHash: string;
    accessSecretHash: string;
    userId: UserId | null;
    createdAt: Date;
    endsAt: Date;
    grants: readonly Grant[];
  }): Promise<void>;
  /** The session and its hashes, ended or not; null when there is none. */
  find(
    id: SessionId,
  ): Promise<(Session & { sessionSecretHash: string; accessSecretHash: string; partitionSecretHashes: readonly string[] }) | null>;
  touch(id: SessionId, usedAt: Date): Promise<void>;
  /** A session keeps its newest `MOST_GRANTS`. */
  addGrant(id: SessionId, grant: Grant): Promise<void>;
  /** One more secret that counts as the access cookie's; the oldest goes where there are too many. */
  addPartition(id: SessionId, partition: { readonly secretHash: string; readonly createdAt: Date }): Promise<void>;
  /** Sign-in rotates: `id` takes over grants and tokens of `old`, and `old` is gone with its partitions. One transaction. */
  rotate(
    old: SessionId,
    session: { id: SessionId; sessionSecretHash: string; accessSecretHash: string; userId: UserId | null; createdAt: Date; endsAt: Date },
  ): Promise<void>;
  noteOpener(id: SessionId, opener: Opener): Promise<void>;
  /**
   * Those in force, which end after one time and have been used since another: the one opened last comes first.
   * `after`: those that follow in that order.
   */
  list(
    filter: SessionFilter & { readonly endsAfter: Date; readonly usedSince: Date },
    page: { readonly after?: Pick<Session, 'id' | 'createdAt'> | undefined; readonly limit: number },
  ): Promise<readonly ListedSession[]>;
  /** Every session there is, with its grants and tokens. */
  removeAll(): Promise<number>;
  /** Removes the session, its grants and every token of it. */
  remove(id: SessionId): Promise<void>;
  /** All sessions of a user. */
  removeOfUser(userId: UserId): Promise<number>;
  /** Removes one service's grants and its tokens: of every viewer, or of one; tokens without an origin go in any case. */
  removeGrants(id: SessionId, service: string, origin?: string): Promise<void>;
  /** Sessions past their end, with their grants and tokens. */
  removeEnded(before: { endsAt: Date; usedAt: Date }): Promise<number>;
  /** Of the sessions without an account all but so many, those first that were not used for the longest time. */
  removeUnowned(keep: number): Promise<number>;
}

export interface TokenStore {
  /** A session keeps its newest `MOST_TOKENS`. */
  create(tokenHash: string, token: AccessToken): Promise<void>;
  find(tokenHash: string): Promise<AccessToken | null>;
  /** Of one session, the one that ends first at the beginning; ended ones too. */
  list(sessionId: SessionId): Promise<readonly ListedToken[]>;
  /** False where that session has no such token. */
  remove(sessionId: SessionId, tokenHash: string): Promise<boolean>;
  removeExpired(now: Date): Promise<number>;
}

/** Machines that open an access service. Secrets come in hashed; the store never sees one. */
export interface DeviceStore {
  /** A device whose link nobody has used. Null when the name is taken. */
  create(device: { name: string; service: string; linkHash: string; linkEndsAt: Date; createdAt: Date }): Promise<Device | null>;
  /** By name. */
  list(): Promise<readonly Device[]>;
  /** Whose link this is; null where it was used or is over. */
  findByLink(linkHash: string, now: Date): Promise<Device | null>;
  /** Uses up the link, and keeps the secret of the browser that opened it. Null where it was used or is over. */
  register(linkHash: string, secretHash: string, now: Date): Promise<Device | null>;
  findBySecret(secretHash: string): Promise<Device | null>;
  findById(id: DeviceId): Promise<Device | null>;
  touch(id: DeviceId, usedAt: Date): Promise<void>;
  /** Removes its tokens too. */
  remove(name: string): Promise<boolean>;
}

/** Secrets come in hashed; the store never sees one. */
export interface PersonalTokenStore {
  /** Null where there is no such user, or the user has `MOST_PERSONAL_TOKENS` that have not expired. */
  create(token: {
    userId: UserId;
    name: string;
    scopes: readonly Scope[];
    secretHash: string;
    createdAt: Date;
    expiresAt: Date;
  }): Promise<PersonalToken | null>;
  /** Of one user, or of all, the newest first; expired ones too. */
  list(userId?: UserId): Promise<readonly PersonalToken[]>;
  /** Expired or not. */
  find(secretHash: string): Promise<PersonalToken | null>;
  findById(id: PersonalTokenId): Promise<PersonalToken | null>;
  touch(id: PersonalTokenId, usedAt: Date): Promise<void>;
  remove(id: PersonalTokenId): Promise<boolean>;
  removeExpired(before: Date): Promise<number>;
}

/** Sessions of administrators. Secrets come in hashed; the store never sees one. */
export interface AdminSessionStore {
  create(session: AdminSession & { readonly secretHash: string }): Promise<void>;
  /** Ended or not; null when there is none. */
  find(id: AdminSessionId): Promise<(AdminSession & { readonly secretHash: string }) | null>;
  /** The newest first; of one user, or all. */
  list(userId?: UserId): Promise<readonly AdminSession[]>;
  touch(id: AdminSessionId, usedAt: Date): Promise<void>;
  /** The person has proved who it is: a new secret, and the former one is worth nothing. */
  confirm(id: AdminSessionId, secretHash: string, at: Date): Promise<void>;
  remove(id: AdminSessionId): Promise<boolean>;
  removeOfUser(userId: UserId): Promise<number>;
  /** Sessions past their end, or not used since. */
  removeEnded(before: { readonly endsAt: Date; readonly usedAt: Date }): Promise<number>;
}

/** What people asked for. Requests go with their user. */
export interface AccessRequestStore {
  /** Refused where the person has an open one for the item, or too many. */
  create(request: Omit<AccessRequest, 'id' | 'decision'>): Promise<AccessRequest | 'open already' | 'too many'>;
  find(id: AccessRequestId): Promise<ListedAccessRequest | null>;
  /** The newest first. */
  ofUser(userId: UserId): Promise<readonly AccessRequest[]>;
  /** Open ones, the oldest first; or the others, the last decided first. `search`: a part of a name, an item or a reason. */
  list(
    which: { state: 'open' | 'decided'; search?: string },
    page: { offset: number; limit: number },
  ): Promise<readonly ListedAccessRequest[]>;
  countOpen(): Promise<number>;
  /** False for one that is not open: of two who decide at once, one does. */
  decide(id: AccessRequestId, decision: RequestDecision): Promise<boolean>;
  /** Those that were decided, or withdrawn, by then. */
  removeDecided(before: Date): Promise<number>;
}

/** What people were granted beside the policies. They go with their user. */
export interface ItemGrantStore {
  /** Null where there is no such user, or they have `MOST_ITEM_GRANTS`. */
  add(grant: Omit<ItemGrant, 'id'>): Promise<ItemGrant | null>;
  /** Ended ones too, the one that ends first at the beginning. */
  ofUser(userId: UserId): Promise<readonly ItemGrant[]>;
  find(id: ItemGrantId): Promise<ListedItemGrant | null>;
  /** Those that fit all that is given, the one that ends first at the beginning. `search`: a part of a name, a pattern or a note. */
  list(which: { userId?: UserId; search?: string; endsAfter?: Date; endsBefore?: Date }): Promise<readonly ListedItemGrant[]>;
  setEnd(id: ItemGrantId, until: Date): Promise<boolean>;
  remove(id: ItemGrantId): Promise<boolean>;
  /** Those that had ended by then. */
  removeEnded(before: Date): Promise<number>;
}

/** Attempts at secrets, counted over a window. */
export interface AttemptStore {
  /** Failures counted for a key since a time. */
  count(key: string, since: Date): Promise<number>;
  add(key: string, at: Date): Promise<void>;
  clear(key: string): Promise<void>;
  removeBefore(time: Date): Promise<number>;
}

/** Argon2id. `verify` takes the same time for a null hash. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  verify(hash: string | null, password: string): Promise<boolean>;
}

export interface Clock {
  now(): Date;
}

export interface Randomness {
  /** URL-safe text of this many random bytes. */
  token(bytes: number): string;
  /** SHA-256, URL-safe text. */
  hash(secret: string): string;
  /** Constant-time comparison. */
  equal(a: string, b: string): boolean;
}

/** What only this server can write, and anybody can hand back. */
export interface Signer {
  /** A keyed digest, URL-safe text of 43 letters. `purpose` keeps what is signed for one thing from counting for another. */
  sign(purpose: string, text: string): string;
}
