import type { AccessModel, AllowRule, Policy } from './access.ts';
import { ADMINISTRATOR_ROLE } from './administrator.ts';

/** Every role that policies name or somebody has, and the one of administrators. */
export function knownRoles(access: AccessModel, held: Iterable<string>): readonly string[] {
  const named = access.policies.flatMap((policy) => rulesOf(policy).flatMap(({ roles }) => roles));
  return [...new Set([ADMINISTRATOR_ROLE, ...named, ...held])].toSorted((one, other) => one.localeCompare(other, 'en'));
}

/** The policies in which a role counts for something, also one of their tiers or their embargo. */
export function policiesNaming(access: AccessModel, role: string): readonly Policy[] {
  return access.policies.filter((policy) => rulesOf(policy).some(({ roles }) => roles.includes(role)));
}

function rulesOf({ allow, embargo, otherwise = [] }: Policy): readonly AllowRule[] {
  const parts = [allow, embargo?.allow ?? [], ...otherwise.map((tier) => tier.for)];
  return parts.flatMap((rules) => (rules === 'everyone' ? [] : rules));
}
