import type { UserStore } from '../../domain/ports.ts';
import type { User, UserId } from '../../domain/session.ts';
import { refuse } from '../../lib/problems.ts';

export const NO_USER = refuse('not-found', 'There is no user of that id.');

/** By id, never by name: names can change, and be somebody else’s after. */
export async function findUserOf({ users }: { readonly users: Pick<UserStore, 'findById'> }, id: string): Promise<User | null> {
  return id.startsWith('usr_') ? users.findById(id as UserId) : null;
}
