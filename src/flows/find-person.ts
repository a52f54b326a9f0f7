import type { ItemGrantStore } from '../domain/ports.ts';
import type { User } from '../domain/session.ts';
import type { Visitor } from '../domain/visitor.ts';

export interface FindPersonDeps {
  readonly itemGrants: Pick<ItemGrantStore, 'ofUser'>;
}

/** A user as the judge sees them: with what they were granted, as it is stored now. */
export async function findPerson({ itemGrants }: FindPersonDeps, user: User | null): Promise<Visitor['user']> {
  return user === null ? null : { name: user.name, roles: user.roles, itemGrants: await itemGrants.ofUser(user.id) };
}
