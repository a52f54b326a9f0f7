import { seatsTexts } from '../iiif/auth/seats-texts.ts';
import type { AccessModel, AccessService, AllowRule, Decision, DecisionReason, Judgement, Policy, Tier } from './access.ts';
import { findAspect, isForAccounts } from './authorizing-aspect.ts';
import { compilePattern, type PathMatcher } from './glob.ts';
import { findItemGrant } from './item-grant.ts';
import { findServiceByName, itemServiceOf, serviceOfRules } from './item-service.ts';
import { isAtPlaceOf, isServiceOpen, offerOf } from './offered-services.ts';
import { earliest, isEmbargoed, isInForce, nextDate, rulesInForce, timesOf } from './period.ts';
import { TOKENS_SERVICE } from './personal-token.ts';
import { nextChangeOf, nextHours, timingOfHours } from './rule-hours.ts';
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
  const { shadowUntil } = access;
  if (shadowUntil === undefined || now >= shadowUntil) return decideByPolicies(ask, path, tier);
  // Nobody takes a seat meanwhile, and there is one for whoever would.
  const seated: Ask = { ...ask, visitor: { ...visitor, seats: new Set([item]) } };
  return inShadow(decideByPolicies(seated, path, tier), shadowUntil);
}

/** What everybody may see stays so; all else is given too, and kept by no shared cache, which would go on giving it afterwards. */
function inShadow(would: Decision, end: Date): Decision {
  if (would.outcome === 'allowed' && would.open) return would;
  const until = would.until === undefined || end < would.until ? end : would.until;
  return { outcome: 'allowed', open: false, policy: null, reason: { code: 'shadow', would }, until };
}

function decideByPolicies(ask: Ask, path: string, tier: Tier | undefined): Decision {
  const byPolicy = judgeWhole(ask, path);
  const entitled = byPolicy.outcome === 'allowed' ? byPolicy : (judgeByItemGrant(ask, byPolicy.policy, path) ?? byPolicy);
  // A lesser version takes no seat.
  const whole = tier === undefined ? judgeSeat(ask, entitled) : entitled;
  const judgement = tier === undefined || whole.policy === null ? whole : judgeTier(ask, whole, whole.policy, tier);
  const until = firstEnd(judgement, ask);
  return until === null ? judgement : { ...judgement, until };
}

/** Who may see an item with seats needs one of them too. */
function judgeSeat({ access, item, visitor, now }: Ask, judgement: Judgement): Judgement {
  if (judgement.outcome !== 'allowed' || judgement.open) return judgement;
  const { policy, reason } = judgement;
  if (policy?.seats === undefined || visitor.seats?.has(item) === true) return judgement;
  if (reason.code !== 'granted' && reason.code !== 'item-grant') return judgement;
  const rules = rulesInForce(policy, now);
  const given = rules === 'everyone' ? [] : rules;
  const service = serviceOfRules(given, reason.service, access, item) ?? findServiceByName(access, reason.service);
  const lacking: DecisionReason = { code: 'no-seat', service: reason.service, seats: policy.seats };
  if (service === null) return { outcome: 'refused', policy, reason: lacking };
  const { heading, note } = seatsTexts(policy.seats.count);
  return { outcome: 'access-needed', services: [{ ...service, errorHeading: heading, errorNote: note }], policy, reason: lacking };
}

/** When the same visitor may get another answer by itself. */
function firstEnd({ policy, reason }: Judgement, { access, visitor, now }: Ask): Date | null {
  const byPolicy = policy === null ? [] : [nextDate(policy, now), nextHours(access, policy, now)];
  // What somebody was granted counts while a service is open that they signed in by.
  const isGranted = visitor.user !== null && visitor.user.itemGrants.length > 0;
  const byGrant = [isGranted ? nextChangeOf(signInsOf(access), now) : null, reason.code === 'item-grant' ? reason.until : null];
  return earliest([...byPolicy, ...byGrant].filter((end) => end !== null));
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
  const judgement = judgeByRules(ask, policy, allow, policy.requests);
  if (judgement.outcome === 'allowed') return judgement;
  const times = timesOf(policy, ask.now, judgement.outcome === 'refused');
  const hours = timingOfHours(allow, ask.access, ask.now);
  const isFirst = hours?.opensAt !== undefined && !(times.timing?.opensAt !== undefined && times.timing.opensAt < hours.opensAt);
  return { ...judgement, ...times, ...(isFirst ? { timing: hours } : {}) };
}

/** `requests`: the service by which people sign in who may ask for the item; it is offered besides. */
function judgeByRules(ask: Ask, policy: Policy, given: readonly AllowRule[], requests?: string): Judgement {
  const rules = given.filter((rule) => isInForce(rule, ask.now));
  const granted = findGranted(rules, ask);
  if (granted !== null) return { outcome: 'allowed', open: false, policy, reason: granted };
  const reason = explainRefusal(rules, ask, requests);
  const { services, outOfReach } = offerOf(requests === undefined ? rules : [...rules, { service: requests, roles: [] }], ask);
  if (services.length === 0) return { outcome: 'refused', policy, reason: rules.length === 0 ? { code: 'no-policy' } : reason };
  return { outcome: 'access-needed', services, ...(outOfReach ? { outOfReach } : {}), policy, reason };
}

/** What somebody was granted counts as a rule of the policy would that names this person alone, whatever the policy says; also where there is none. */
function judgeByItemGrant({ access, item, visitor, now }: Ask, policy: Policy | null, path: string): Judgement | null {
  if (visitor.user === null || visitor.user.itemGrants.length === 0 || !isPlainPath(path)) return null;
  const grant = findItemGrant(visitor.user.itemGrants, path, now);
  if (grant === null) return null;
  const service = findSignIn(access, item, visitor, now);
  if (service === null) return null;
  return {
    outcome: 'allowed',
    open: false,
    policy,
    reason: { code: 'item-grant', service, items: grant.items, until: grant.until },
  };
}

/** Name of the service by which the visitor is signed in, as one item has it; null for whoever is not. A token, or a signed path, stands for its one service here too. */
function findSignIn(access: AccessModel, item: string, visitor: Visitor, now: Date): string | null {
  if (visitor.by === 'personal-token' && visitor.services.has(TOKENS_SERVICE)) return TOKENS_SERVICE;
  for (const service of signInsOf(access)) {
    const named = itemServiceOf(service, item);
    if (isServiceOpen(named, now) && findAspect(named, visitor) !== null) return named.name;
  }
  return null;
}

function signInsOf(access: AccessModel): readonly AccessService[] {
  return [...access.services.values()].filter(isForAccounts);
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
  for (const rule of rules) {
    const { service, roles, at } = rule;
    if (!holds(service, rules, ask) || !isAtPlaceOf(rule, ask)) continue;
    const where = at === undefined ? {} : { at };
    if (roles.length === 0) return { code: 'granted', service, role: null, ...where };
    const role = heldRole(rule, ask);
    if (role !== undefined) return { code: 'granted', service, role, ...where };
  }
  return null;
}

function heldRole({ roles }: AllowRule, { visitor }: Ask): string | undefined {
  return visitor.user?.roles.find((held) => roles.includes(held));
}

function holds(name: string, rules: readonly AllowRule[], { access, item, visitor, now }: Ask): boolean {
  if (name === TOKENS_SERVICE) return visitor.by === 'personal-token';
  const service = serviceOfRules(rules, name, access, item);
  return service !== null && isServiceOpen(service, now) && findAspect(service, visitor) !== null;
}

function explainRefusal(rules: readonly AllowRule[], ask: Ask, requests: string | undefined): DecisionReason {
  const held = rules.filter(({ service }) => holds(service, rules, ask));
  const away = held.find((rule) => rule.roles.length === 0 || heldRole(rule, ask) !== undefined);
  // Only the place can be what is missing: nothing else was asked for.
  if (away !== undefined)
    return { code: 'elsewhere', service: away.service, at: placesOf(held.filter(({ service }) => service === away.service)) };
  const [been] = held;
  const mayAsk = requests !== undefined && ask.visitor.user !== null && holds(requests, [], ask);
  if (been === undefined) return mayAsk ? { code: 'grant-missing', service: requests } : { code: 'nobody-yet' };
  const roles = rules.filter(({ service }) => service === been.service).flatMap((rule) => rule.roles);
  return { code: 'role-missing', service: been.service, roles: [...new Set(roles)] };
}

function placesOf(rules: readonly AllowRule[]): readonly string[] {
  return [...new Set(rules.flatMap(({ at }) => at ?? []))];
}
