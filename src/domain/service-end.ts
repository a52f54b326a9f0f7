import type { AccessModel, AllowRule } from './access.ts';
import { parseServiceName, rulesOfPolicy } from './item-service.ts';

/**
 * When the last rule ends that what was got at a service is good for: a token of it need not last longer. Null where there
 * is no such time, or it is over already.
 */
export function serviceEnd(access: AccessModel, name: string, now: Date): Date | null {
  const rules = rulesByService(access).get(parseServiceName(name).service) ?? [];
  const ends = rules.map(({ until }) => until).filter((until) => until === undefined || now < until);
  if (ends.length === 0 || ends.includes(undefined)) return null;
  return new Date(Math.max(...ends.map(Number)));
}

const models = new WeakMap<AccessModel, ReadonlyMap<string, readonly AllowRule[]>>();

function rulesByService(access: AccessModel): ReadonlyMap<string, readonly AllowRule[]> {
  const known = models.get(access);
  if (known !== undefined) return known;
  const rules = Map.groupBy(access.policies.flatMap(rulesOfPolicy), ({ service }) => service);
  models.set(access, rules);
  return rules;
}
