import type { AccessModel } from '../domain/access.ts';
import { describePolicy } from '../domain/describe-policy.ts';

/** What is locked and how, one line a policy, in the order in which they are tried. */
export function describeAccess(model: AccessModel, now: Date): string[] {
  const rows = model.policies.map((policy) => ({ items: policy.items.join(', '), who: describePolicy(model, policy, now) }));
  const width = Math.max(0, ...rows.map(({ items }) => items.length));
  return [...rows.map(({ items, who }) => `${items.padEnd(width)}  ${who}`), `${'others'.padEnd(width)}  nobody`];
}
