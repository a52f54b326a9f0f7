import type { AuditEvent, AuditTrail } from '../../domain/audit.ts';
import type { Clock, PasswordHasher, Randomness, SessionStore, UserLinkStore, UserStore } from '../../domain/ports.ts';
import type { User, UserId } from '../../domain/session.ts';

/** What everything that changes people needs. */
export interface PeopleDeps {
  readonly users: UserStore;
  readonly userLinks: UserLinkStore;
  readonly sessions: SessionStore;
  readonly passwords: PasswordHasher;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly audit: AuditTrail;
  /** What the site is called: nobody's password is made of it. */
  readonly siteNames: readonly string[];
}

/** Who changes something, as the audit names them. */
export interface Doer extends Pick<AuditEvent, 'actor' | 'via' | 'address'> {
  /** Null for somebody at the command line. */
  readonly userId: UserId | null;
}

/** Why nothing was done, as a sentence for an administrator. */
export interface NotAccepted {
  readonly kind: 'not-accepted';
  /** The field of the form that is to be looked at again; null where none is. */
  readonly field: 'name' | 'email' | 'roles' | 'password' | null;
  readonly sentence: string;
}

export type Changed = { readonly kind: 'done'; readonly user: User } | NotAccepted;

export function notAccepted(field: NotAccepted['field'], sentence: string): NotAccepted {
  return { kind: 'not-accepted', field, sentence };
}

/** Somebody else was quicker. */
export const USER_IS_GONE = notAccepted(null, 'This user does not exist any more.');

/** For `AuditTrail.record`. */
export function by({ actor, via, address }: Doer): Pick<AuditEvent, 'actor' | 'via' | 'address'> {
  return { actor, via, address };
}
