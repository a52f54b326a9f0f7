import type { AccessModel, AccessService } from '../domain/access.ts';
import { findPolicy } from '../domain/decide.ts';
import { findServiceByName, parseServiceName, rulesOfPolicy, serviceOfRules } from '../domain/item-service.ts';
import type { ItemSource } from '../domain/ports.ts';
import { findLiveSession, type SessionDeps } from './find-session.ts';

export interface FindServiceDeps {
  readonly items: Pick<ItemSource, 'find'>;
  access(): AccessModel;
}

/** The service with this name; one that is for a single item only where there is such an item, and its policy names the service. */
export async function findService(deps: FindServiceDeps, name: string): Promise<AccessService | null> {
  const access = deps.access();
  const service = findServiceByName(access, name);
  const { service: key, path } = parseServiceName(name);
  if (service === null || path === null) return service;
  const item = await deps.items.find(path);
  const policy = item?.path === path ? findPolicy(access, path) : null;
  const rules = policy === null ? [] : rulesOfPolicy(policy);
  return rules.some((rule) => rule.service === key) ? serviceOfRules(rules, key, access, path) : null;
}

/** The same, and what the visitor still holds of an item that is gone: signing out never fails for want of a file. */
export async function findServiceToLeave(
  deps: FindServiceDeps & SessionDeps,
  name: string,
  cookies: ReadonlyMap<string, string>,
): Promise<AccessService | null> {
  const service = await findService(deps, name);
  if (service !== null) return service;
  const live = (await findLiveSession(deps, cookies, 'session')) ?? (await findLiveSession(deps, cookies, 'access'));
  const isHeld = live?.session.grants.some((grant) => grant.service === name) ?? false;
  return isHeld ? findServiceByName(deps.access(), name) : null;
}
