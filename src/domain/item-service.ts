/**
 * The access service of a rule, as one item has it: with the texts of the rule, and a name of its own where the access file
 * wants one service for each item.
 */
import type { AccessModel, AccessService, AllowRule, Policy } from './access.ts';

/** `terms/letters/anna.jpg`: the part before the first slash is the name in the access file, the rest is the item's path. */
export function itemServiceName(service: string, path: string): string {
  return `${service}/${path}`;
}

/** `path` is null in the name of a service that is shared by all its items. */
export function parseServiceName(name: string): { readonly service: string; readonly path: string | null } {
  const at = name.indexOf('/');
  return at < 0 ? { service: name, path: null } : { service: name.slice(0, at), path: name.slice(at + 1) };
}

/** The services of the rules for the item at this path, each once, in the order of the rules. */
export function servicesOfRules(rules: readonly AllowRule[], access: AccessModel, path: string): readonly AccessService[] {
  const names = [...new Set(rules.map(({ service }) => service))];
  return names.map((name) => serviceOfRules(rules, name, access, path)).filter((service) => service !== null);
}

/** One of them. Of several rules with texts for it, the first counts. Null for a service that the access file does not have. */
export function serviceOfRules(rules: readonly AllowRule[], name: string, access: AccessModel, path: string): AccessService | null {
  const service = access.services.get(name);
  if (service === undefined) return null;
  const texts = rules.find((rule) => rule.service === name && rule.texts !== undefined)?.texts;
  const own = itemServiceOf(service, path);
  return texts === undefined ? own : { ...own, ...texts };
}

/** A service of the access file, as the item at this path has it. */
export function itemServiceOf(service: AccessService, path: string): AccessService {
  return service.perItem === true ? { ...service, name: itemServiceName(service.name, path) } : service;
}

/** Every rule that a policy has, those of its embargo first: what somebody may be sent to an access service for. */
export function rulesOfPolicy({ allow, embargo, otherwise = [] }: Policy): readonly AllowRule[] {
  return [embargo?.allow ?? [], allow, ...otherwise.map((tier) => tier.for)].flatMap((rules) => (rules === 'everyone' ? [] : rules));
}

/** The services at whose places somebody must be besides, by a rule about the service with this name. */
export function placesBeside(access: AccessModel, name: string): ReadonlySet<string> {
  const key = parseServiceName(name).service;
  return new Set(access.policies.flatMap(rulesOfPolicy).flatMap(({ service, at }) => (service === key && at !== undefined ? [at] : [])));
}

/** The service with this name as the access file has it, whether there is such an item or not; null for a name that none can have. */
export function findServiceByName(access: AccessModel, name: string): AccessService | null {
  const { service: key, path } = parseServiceName(name);
  const service = access.services.get(key);
  if (service === undefined || (service.perItem === true) !== (path !== null)) return null;
  return path === null ? service : { ...service, name };
}
