import type { DeviceId } from './device.ts';

/** Ids carry their kind. */
export type SessionId = `ses_${string}`;
export type UserId = `usr_${string}`;

/** Lifetimes, published and enforced. */
export interface SessionLimits {
  /** A session that nobody uses ends after this. */
  readonly idleMinutes: number;
  /** Use keeps a session alive up to this. */
  readonly absoluteHours: number;
  /** Of an access token, published as `expiresIn`. */
  readonly tokenMinutes: number;
}

/** What one session keeps: far more viewers and tabs than anybody has open. The oldest give way to the newest. */
export const MOST_GRANTS = 200;
export const MOST_TOKENS = 50;
export const MOST_PARTITIONS = 50;

/** One browser's session. Every cookie has a secret of its own, so that an access cookie never authenticates a form. */
export interface Session {
  readonly id: SessionId;
  readonly userId: UserId | null;
  readonly createdAt: Date;
  readonly usedAt: Date;
  /** Absolute end; use does not move it. */
  readonly endsAt: Date;
  readonly grants: readonly Grant[];
}

/** What a visitor got at an access service, for the viewer that sent them. */
export interface Grant {
  readonly service: string;
  /** Origin of the viewer; our own for a sign-in on our own pages. */
  readonly origin: string;
  readonly grantedAt: Date;
}

/** The source of accounts that are kept here; every other one is a name of `identity.yaml`. */
export const LOCAL_SOURCE = 'local';

/** From where a session was opened. */
export interface Opener {
  readonly address: string;
  /** What the browser calls itself; null where it says nothing. */
  readonly userAgent: string | null;
}

/** A session among those of all; where it was opened is null where nobody has noted it. */
export interface ListedSession extends Session {
  readonly address: string | null;
  readonly userAgent: string | null;
}

/** Which sessions are wanted. What is absent makes no difference. */
export interface SessionFilter {
  readonly userId?: UserId;
  readonly address?: string;
  /** Only those of users. */
  readonly owned?: true;
}

export interface User {
  readonly id: UserId;
  /** Unique, case-insensitive. */
  readonly name: string;
  readonly email: string | null;
  /** `LOCAL_SOURCE`, or the identity source that the person signs in through. */
  readonly source: string;
  /** Who it is at that source, for good; null for accounts that are kept here. */
  readonly subject: string | null;
  /** All that count: those given by hand, then those of the source, each once. */
  readonly roles: readonly string[];
  /** Given by hand. */
  readonly ownRoles: readonly string[];
  /** What the source said at the last sign-in. */
  readonly outsideRoles: readonly string[];
  readonly createdAt: Date;
  /** Since when the person is nobody here; null for everybody else. */
  readonly disabledAt: Date | null;
  readonly lastSignInAt: Date | null;
  /** Kept here, and without a password yet: the person has still to use the link of the invitation. */
  readonly isInvited: boolean;
}

/** What the token store keeps of an access token: never the token. */
export interface AccessToken {
  readonly sessionId: SessionId;
  readonly service: string;
  /** Origin of the viewer, or null for the JSON answer of Authentication 1.0 §2.2.3. */
  readonly origin: string | null;
  readonly expiresAt: Date;
  /** Enough for its owner to tell it from others, and nothing to guess the rest by. */
  readonly firstLetters: string;
  /** Of the device on the strength of which it was issued: it ends with it. */
  readonly deviceId: DeviceId | null;
}

/** A token among those of its session. */
export interface ListedToken extends AccessToken {
  readonly tokenHash: string;
}
