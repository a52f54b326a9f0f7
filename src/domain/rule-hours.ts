import type { AccessModel, AccessService, AllowRule, Policy, Timing } from './access.ts';
import { rulesOfPolicy } from './item-service.ts';
import { isServiceOpen } from './offered-services.ts';
import { nextChange, nextOpening } from './opening-hours.ts';
import { earliest } from './period.ts';

/** When the first of a policy's services opens or closes; null where none has hours. */
export function nextHours(access: AccessModel, policy: Policy, now: Date): Date | null {
  return nextChangeOf(timedServices(access, policy), now);
}

/** When the first of these services opens or closes. */
export function nextChangeOf(services: readonly Pick<AccessService, 'hours'>[], now: Date): Date | null {
  return earliest(services.flatMap(({ hours }) => (hours === undefined ? [] : [nextChange(hours, now)])));
}

const known = new WeakMap<AccessModel, Map<Policy, readonly AccessService[]>>();

/** Those of a policy that have hours. */
function timedServices(access: AccessModel, policy: Policy): readonly AccessService[] {
  const ofModel = known.get(access) ?? new Map<Policy, readonly AccessService[]>();
  known.set(access, ofModel);
  const found = ofModel.get(policy);
  if (found !== undefined) return found;
  const services = [...new Set(rulesOfPolicy(policy).flatMap((rule) => servicesOf(rule, access)))];
  const timed = services.filter(({ hours }) => hours !== undefined);
  ofModel.set(policy, timed);
  return timed;
}

/** Both of them must be open. */
function servicesOf({ service, at }: AllowRule, access: AccessModel): readonly AccessService[] {
  return [service, at].flatMap((name) => (name === undefined ? [] : (access.services.get(name) ?? [])));
}

/** Where every rule is closed at this hour: when the first one opens. Null where one is open, or none will be. */
export function timingOfHours(rules: readonly AllowRule[], access: AccessModel, now: Date): Timing | null {
  const openings: { readonly opensAt: Date; readonly zone: string }[] = [];
  for (const rule of rules) {
    const closed = servicesOf(rule, access).filter((service) => !isServiceOpen(service, now));
    if (closed.length === 0) return null;
    const next = closed.map(({ hours }) => (hours === undefined ? null : { opensAt: nextOpening(hours, now), zone: hours.zone }));
    const last = next.toSorted((a, b) => Number(a?.opensAt ?? 0) - Number(b?.opensAt ?? 0)).at(-1);
    if (last?.opensAt != null) openings.push({ opensAt: last.opensAt, zone: last.zone });
  }
  return openings.toSorted((a, b) => Number(a.opensAt) - Number(b.opensAt))[0] ?? null;
}
