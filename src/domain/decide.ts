import type { AccessModel, AccessService, AllowRule, Decision, DecisionReason, Judgement, Policy, Tier } from './access.ts';
import { canHelp, findAspect, isForAccounts } from './authorizing-aspect.ts';
import { compilePattern, type PathMatcher } from './glob.ts';
import { findItemGrant } from './item-grant.ts';
import { itemServiceOf, serviceOfRules, servicesOfRules } from './item-service.ts';
import { earliest, isEmbargoed, isInForce, nextDate, rulesInForce, timesOf } from './period.ts';
import { TOKENS_SERVICE } from './personal-token.ts';
import type { Visitor } from './visitor.ts';

/** Who asks for what. `item`: the path of the item, which its own access services are named after. */
interface Ask {
  readonly access: AccessModel;
  readonly item: string;
  readonly visitor: Visitor;
  readonly now: Date;
}

/**
 * The only judge: may this visitor see the item at this path? The first policy with a matching pattern decides, and what
 * no policy matches is refused. `path` is the item's path without a page, so that a pattern for a file covers its pages.
 * `tier`, where it is about one, is of that policy: who may see more may see it too. `item` differs from `path` where a
 * policy about a part of an item is asked as well.
 */
export function decide(access: AccessModel, path: string, visitor: Visitor, now: Date, tier?: Tier, item = path): Decision {
  const ask: Ask = { access, item, visitor, now };
  const byPolicy = judgeWhole(ask, path);
  const whole = byPolicy.outcome === 'allowed' ? byPolicy : (judgeByItemGrant(ask, byPolicy.policy, path) ?? byPolicy);
  const judgement = tier === undefined || whole.policy === null ? whole : judgeTier(ask, whole, whole.policy, tier);
  const until = firstEnd(judgement, now);
  return until === null ? judgement : { ...judgement, until };
}

/** When the same visitor may get another answer by itself. */
function firstEnd({ policy, reason }: Judgement, now: Date): Date | null {
  const ends = [policy === null ? null : nextDate(policy, now), reason.code === 'item-grant' ? reason.until : null];
  return earliest(ends.filter((end) => end !== null));
}

function judgeTier(ask: Ask, whole: Judgement, policy: Policy, tier: Tier): Judgement {
  if (isEmbargoed(policy, ask.now)) return whole;
  if (tier.for === 'everyone') return { outcome: 'allowed', open: true, policy, reason: { code: 'tier-for-everyone', tier: tier.name } };
  return whole.outcome === 'allowed' ? whole : judgeByRules(ask, policy, tier.for);
}

function judgeWhole(ask: Ask, path: string): Judgement {
  if (!ask.access.enforced) return { outcome: 'allowed', open: true, policy: null, reason: { code: 'no-access-file' } };
  const policy = findPolicy(ask.access, path);
  if (policy === null) return { outcome: 'refused', policy: null, reason: { code: 'no-policy' } };
  const allow = rulesInForce(policy, ask.now);
  if (allow === 'everyone') return { outcome: 'allowed', open: true, policy, reason: { code: 'everyone' } };
  const judgement = judgeByRules(ask, policy, allow);
  return judgement.outcome === 'allowed' ? judgement : { ...judgement, ...timesOf(policy, ask.now, judgement.outcome === 'refused') };
}

function judgeByRules(ask: Ask, policy: Policy, given: readonly AllowRule[]): Judgement {
  const rules = given.filter((rule) => isInForce(rule, ask.now));
  const granted = findGranted(rules, ask);
  if (granted !== null) return { outcome: 'allowed', open: false, policy, reason: granted };
  const services = offeredServices(rules, ask.access, ask.item, ask.visitor);
  if (rules.length === 0) return { outcome: 'refused', policy, reason: { code: 'no-policy' } };
  const reason = explainRefusal(rules, ask);
  return services.length === 0 ? { outcome: 'refused', policy, reason } : { outcome: 'access-needed', services, policy, reason };
}

/** What somebody was granted counts as a rule of the policy would that names this person alone, whatever the policy says; also where there is none. */
function judgeByItemGrant({ access, item, visitor, now }: Ask, policy: Policy | null, path: string): Judgement | null {
  if (visitor.user === null || visitor.user.itemGrants.length === 0 || !isPlainPath(path)) return null;
  const grant = findItemGrant(visitor.user.itemGrants, path, now);
  if (grant === null) return null;
  const service = findSignIn(access, item, visitor);
  if (service === null) return null;
  return {
    outcome: 'allowed',
    open: false,
    policy,
    reason: { code: 'item-grant', service, items: grant.items, until: grant.until },
  };
}

/** Name of the service by which the visitor is signed in, as one item has it; null for whoever is not. A token, or a signed path, stands for its one service here too. */
function findSignIn(access: AccessModel, item: string, visitor: Visitor): string | null {
  if (visitor.by === 'personal-token' && visitor.services.has(TOKENS_SERVICE)) return TOKENS_SERVICE;
  for (const service of access.services.values()) {
    if (!isForAccounts(service)) continue;
    const named = itemServiceOf(service, item);
    if (findAspect(named, visitor) !== null) return named.name;
  }
  return null;
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

function findGranted(rules: readonly AllowRule[], ask: Ask): DecisionReason | null {
  for (const { service, roles } of rules) {
    if (!holds(service, rules, ask)) continue;
    if (roles.length === 0) return { code: 'granted', service, role: null };
    const role = ask.visitor.user?.roles.find((held) => roles.includes(held));
    if (role !== undefined) return { code: 'granted', service, role };
  }
  return null;
}

function holds(name: string, rules: readonly AllowRule[], { access, item, visitor }: Ask): boolean {
  if (name === TOKENS_SERVICE) return visitor.by === 'personal-token';
  const service = serviceOfRules(rules, name, access, item);
  return service !== null && findAspect(service, visitor) !== null;
}

/**
 * What a viewer is told of, in the order of the rules, each service once. One that opens at other places only is left out
 * where another can help: some viewers try nothing else once it has failed. `item`: its path.
 */
export function offeredServices(
  rules: readonly AllowRule[],
  access: AccessModel,
  item: string,
  visitor: Visitor,
): readonly AccessService[] {
  const services = servicesOfRules(rules, access, item);
  const helpful = services.filter((service) => canHelp(service, visitor));
  return helpful.length > 0 ? helpful : services;
}

function explainRefusal(rules: readonly AllowRule[], ask: Ask): DecisionReason {
  const been = rules.find(({ service }) => holds(service, rules, ask));
  if (been === undefined) return { code: 'nobody-yet' };
  const roles = rules.filter(({ service }) => service === been.service).flatMap((rule) => rule.roles);
  return { code: 'role-missing', service: been.service, roles: [...new Set(roles)] };
}
