import type { AccessModel, AccessService, AllowRule, Decision, DecisionReason, Policy, Tier } from './access.ts';
import { canHelp, findAspect } from './authorizing-aspect.ts';
import { compilePattern, type PathMatcher } from './glob.ts';
import type { Visitor } from './visitor.ts';

/**
 * The only judge: may this visitor see the item at this path? The first policy with a matching pattern decides, and what
 * no policy matches is refused. `path` is the item's path without a page, so that a pattern for a file covers its pages.
 * `tier`, where it is about one, is of that policy: who may see more may see it too.
 */
export function decide(access: AccessModel, path: string, visitor: Visitor, now: Date, tier?: Tier): Decision {
  const decision = decideWhole(access, path, visitor, now);
  return tier === undefined || decision.policy === null ? decision : decideTier(access, decision, decision.policy, tier, visitor);
}

function decideTier(access: AccessModel, whole: Decision, policy: Policy, tier: Tier, visitor: Visitor): Decision {
  if (tier.for === 'everyone') return { outcome: 'allowed', open: true, policy, reason: { code: 'tier-for-everyone', tier: tier.name } };
  if (whole.outcome === 'allowed') return whole;
  const granted = findGranted(tier.for, access, visitor);
  if (granted !== null) return { outcome: 'allowed', open: false, policy, reason: granted };
  const services = offeredServices(tier.for, access, visitor);
  if (services.length === 0) return { outcome: 'refused', policy, reason: { code: 'no-policy' } };
  return { outcome: 'access-needed', services, policy, reason: explainRefusal(tier.for, access, visitor) };
}

function decideWhole(access: AccessModel, path: string, visitor: Visitor, _now: Date): Decision {
  if (!access.enforced) return { outcome: 'allowed', open: true, policy: null, reason: { code: 'no-access-file' } };
  const policy = findPolicy(access, path);
  if (policy === null) return { outcome: 'refused', policy: null, reason: { code: 'no-policy' } };
  if (policy.allow === 'everyone') return { outcome: 'allowed', open: true, policy, reason: { code: 'everyone' } };
  const granted = findGranted(policy.allow, access, visitor);
  if (granted !== null) return { outcome: 'allowed', open: false, policy, reason: granted };
  const services = offeredServices(policy.allow, access, visitor);
  if (services.length === 0) return { outcome: 'refused', policy, reason: { code: 'no-policy' } };
  return { outcome: 'access-needed', services, policy, reason: explainRefusal(policy.allow, access, visitor) };
}

/** The policy that decides about a path, whoever asks; null where none matches. */
export function findPolicy(access: AccessModel, path: string): Policy | null {
  const { policies, found } = compiled(access);
  const known = found.get(path);
  if (known !== undefined) return known;
  const policy = isPlainPath(path) ? (policies.find(({ matchers }) => matchers.some((matches) => matches(path)))?.policy ?? null) : null;
  remember(found, path, policy);
  return policy;
}

interface CompiledModel {
  readonly policies: ReadonlyArray<{ readonly policy: Policy; readonly matchers: readonly PathMatcher[] }>;
  /** Path to policy, oldest first: a viewer asks for hundreds of tiles of one item. */
  readonly found: Map<string, Policy | null>;
}

/** Enough for the items that a busy hour looks at, and a few megabytes at most. */
const REMEMBERED_PATHS = 10_000;
const models = new WeakMap<AccessModel, CompiledModel>();

function compiled(access: AccessModel): CompiledModel {
  const known = models.get(access);
  if (known !== undefined) return known;
  const policies = access.policies.map((policy) => ({ policy, matchers: policy.items.map(compilePattern) }));
  const model: CompiledModel = { policies, found: new Map() };
  models.set(access, model);
  return model;
}

function remember(found: Map<string, Policy | null>, path: string, policy: Policy | null): void {
  if (found.size >= REMEMBERED_PATHS) {
    const oldest = found.keys().next();
    if (!oldest.done) found.delete(oldest.value);
  }
  found.set(path, policy);
}

/** Sources give plain paths only; any other spelling of one would walk around a policy, so none matches it. */
function isPlainPath(path: string): boolean {
  return path.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..') && !path.includes('\0');
}

function findGranted(rules: readonly AllowRule[], access: AccessModel, visitor: Visitor): DecisionReason | null {
  for (const { service, roles } of rules) {
    if (!holds(access, service, visitor)) continue;
    if (roles.length === 0) return { code: 'granted', service, role: null };
    const role = visitor.user?.roles.find((held) => roles.includes(held));
    if (role !== undefined) return { code: 'granted', service, role };
  }
  return null;
}

function holds(access: AccessModel, name: string, visitor: Visitor): boolean {
  const service = access.services.get(name);
  return service !== undefined && findAspect(service, visitor) !== null;
}

/**
 * What a viewer is told of, in the order of the rules, each service once. One that opens at other places only is left out
 * where another can help: some viewers try nothing else once it has failed.
 */
export function offeredServices(rules: readonly AllowRule[], access: AccessModel, visitor: Visitor): readonly AccessService[] {
  const names = new Set(rules.map(({ service }) => service));
  const services = [...names].map((name) => access.services.get(name)).filter((service) => service !== undefined);
  const helpful = services.filter((service) => canHelp(service, visitor));
  return helpful.length > 0 ? helpful : services;
}

function explainRefusal(rules: readonly AllowRule[], access: AccessModel, visitor: Visitor): DecisionReason {
  const been = rules.find(({ service }) => holds(access, service, visitor));
  if (been === undefined) return { code: 'nobody-yet' };
  const roles = rules.filter(({ service }) => service === been.service).flatMap((rule) => rule.roles);
  return { code: 'role-missing', service: been.service, roles: [...new Set(roles)] };
}
