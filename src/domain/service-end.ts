import type { AccessModel, AllowRule } from './access.ts';
import { findServiceByName, parseServiceName, rulesOfPolicy } from './item-service.ts';
import { nextChange } from './opening-hours.ts';
import { earliest } from './period.ts';

/** Until when a token of a service that is open now can be good for anything: the service closes, or its last rule ends. Null for no such time. */
export function serviceEnd(access: AccessModel, name: string, now: Date): Date | null {
  const hours = findServiceByName(access, name)?.hours;
  const closing = hours === undefined ? null : nextChange(hours, now);
  return earliest([closing, endOfRules(access, name, now)].filter((time) => time !== null));
}

/** When the last rule ends that asks for it; null where one has no end, or all are over already. */
function endOfRules(access: AccessModel, name: string, now: Date): Date | null {
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
