import type { UserId } from './session.ts';

/** A link by which a person sets a password: the first one, or another. It works once. */
export interface UserLink {
  readonly userId: UserId;
  readonly kind: UserLinkKind;
  readonly endsAt: Date;
}

export type UserLinkKind = 'invitation' | 'reset';

/** An invitation may lie in a mailbox over a holiday; whoever forgot a password is waiting. */
export const LINK_HOURS: Readonly<Record<UserLinkKind, number>> = { invitation: 7 * 24, reset: 24 };
