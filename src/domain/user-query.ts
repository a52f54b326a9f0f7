import type { User } from './session.ts';
import { userNameKey } from './user-name.ts';

export const USER_STATES = ['active', 'invited', 'disabled'] as const;

export type UserState = (typeof USER_STATES)[number];

/** Which users are wanted. What is absent makes no difference. */
export interface UserQuery {
  /** Beginnings of words of the name or the e-mail address, in any order; each must occur. */
  readonly text?: string;
  /** Given by hand, or by a source. */
  readonly role?: string;
  readonly source?: string;
  readonly state?: UserState;
}

export function userState({ disabledAt, isInvited }: Pick<User, 'disabledAt' | 'isInvited'>): UserState {
  if (disabledAt !== null) return 'disabled';
  return isInvited ? 'invited' : 'active';
}

const MOST_WORDS = 20;

/** What a name or an address is found by: its words, each once, whatever their case and Unicode form. */
export function searchWords(text: string): readonly string[] {
  const words = userNameKey(text).split(/[^\p{L}\p{M}\p{N}]+/u);
  return [...new Set(words)].filter((word) => word !== '').slice(0, MOST_WORDS);
}
