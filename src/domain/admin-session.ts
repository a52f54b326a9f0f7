import type { UserId } from './session.ts';

export type AdminSessionId = `adm_${string}`;

/** An administrator at work on the pages below `/admin`. Another session than the one of a reader, with a cookie of its own. */
export interface AdminSession {
  readonly id: AdminSessionId;
  readonly userId: UserId;
  readonly createdAt: Date;
  readonly usedAt: Date;
  /** Absolute end; use does not move it. */
  readonly endsAt: Date;
  /** When the person last proved who it is. */
  readonly confirmedAt: Date;
  /** From where the person signed in. */
  readonly address: string;
}

/** A session that nobody uses ends after this: a desk is left for lunch. */
export const ADMIN_IDLE_MINUTES = 30;
/** A working day. */
export const ADMIN_ABSOLUTE_HOURS = 12;
/** How long a proof of who it is counts for dangerous things. */
export const RECENT_MINUTES = 10;

export function hasAdminSessionEnded(session: AdminSession, now: Date): boolean {
  return now >= session.endsAt || now.getTime() >= session.usedAt.getTime() + ADMIN_IDLE_MINUTES * 60_000;
}

export function isRecent(session: AdminSession, now: Date): boolean {
  return now.getTime() < session.confirmedAt.getTime() + RECENT_MINUTES * 60_000;
}
