import { writeDate, writeDayAndTime } from '../lib/written-date.ts';
import type { AccessModel, AccessService, AllowRule, Decision, DecisionReason, Period, Policy, Tier } from './access.ts';
import { findAspect, isBoundToAPlace } from './authorizing-aspect.ts';
import { covers, writeGrantEnd } from './item-grant.ts';
import { isServiceOpen } from './offered-services.ts';
import { isOpen, nextChange, nextOpening } from './opening-hours.ts';
import { isEmbargoed, rulesInForce } from './period.ts';
import { periodWords } from './period-words.ts';
import { TOKENS_SERVICE } from './personal-token.ts';
import type { Visitor } from './visitor.ts';

export interface ExplainedRequest {
  /** What policies are written about: the item's path without a page. */
  readonly path: string;
  /** How the sentences call the access file. */
  readonly fileName: string;
  readonly visitor: Visitor;
  readonly access: AccessModel;
  /** Where the decision is about one. */
  readonly tier?: Tier | undefined;
  readonly now: Date;
}

/** A decision in sentences, for an administrator. They name policies, users and roles: not for the public. */
export function explain(decision: Decision, about: ExplainedRequest): readonly string[] {
  const { reason, policy } = decision;
  if (reason.code === 'shadow') return ['It is given to everybody: this is shadow mode. By the policies:', ...explain(reason.would, about)];
  if (reason.code === 'no-access-file') return ['There is no access file, so everything is open to everybody.'];
  if (policy === null) return [...sayItemGrant(reason, about), sayNoPolicy(reason, about), ...sayEndedGrants(decision, about)];
  const named = namePolicy(policy, about.fileName);
  const more = [
    ...sayRequests(policy),
    ...sayEndedGrants(decision, about),
    ...sayEmbargo(policy, about),
    ...sayTimes(policy, about),
    ...sayHours(policy, about),
    ...(about.tier === undefined ? [...sayTiers(policy, about), ...sayTelling(policy)] : []),
  ];
  switch (reason.code) {
    case 'everyone':
      return [`${named} allows everyone.`, ...sayTimes(policy, about)];
    case 'tier-for-everyone':
      return [`${named} gives tier ${reason.tier} to everyone.`];
    case 'granted':
      return [
        `${named} allows it, because ${nameVisitor(about.visitor)} ${wayIn(reason, about)}.`,
        ...sayEmbargo(policy, about),
        ...sayTimes(policy, about),
        ...sayHours(policy, about),
        ...(about.tier === undefined ? saySeats(policy) : []),
      ];
    case 'item-grant':
      return [
        ...sayItemGrant(reason, about),
        `Without it ${named} would decide.`,
        ...sayEmbargo(policy, about),
        ...sayTimes(policy, about),
        ...(about.tier === undefined ? saySeats(policy) : []),
      ];
    case 'no-seat':
      return [
        `${named} lets ${nameVisitor(about.visitor)} see it, who ${sayAspect(reason.service, about)}, but holds no seat.`,
        ...saySeats(policy),
        ...more,
      ];
    case 'role-missing':
      return [
        `${named} does not allow it: ${nameVisitor(about.visitor)} ${sayAspect(reason.service, about)}, but has none of the roles ${reason.roles.join(', ')} (${listRoles(about.visitor)}).`,
        sayWhatIsEnough(policy, about),
        ...more,
      ];
    case 'grant-missing':
      return [
        `${named} does not allow it: ${nameVisitor(about.visitor)} ${sayAspect(reason.service, about)}, and was not granted it.`,
        ...(rulesOf(policy, about).length === 0 ? [] : [sayWhatIsEnough(policy, about)]),
        ...more,
      ];
    case 'nobody-yet':
      if (rulesOf(policy, about).length === 0) return [`${named} allows nobody.`, ...more];
      return [`${named} does not allow it yet: ${sayWhatIsMissing(policy, about)}.`, sayWhatIsEnough(policy, about), ...more];
    case 'elsewhere':
      return [
        `${named} does not allow it: ${nameVisitor(about.visitor)} ${sayAspect(reason.service, about)}, but is not where service ${reason.at.join(' or ')} opens.`,
        sayWhatIsEnough(policy, about),
        ...more,
      ];
    case 'no-policy':
      return [`${named} allows nobody${hasTimes(policy) ? ' at this time' : ''}.`, ...more];
  }
}

function sayNoPolicy({ code }: DecisionReason, { fileName, path }: ExplainedRequest): string {
  const others = code === 'item-grant' ? 'nobody else may see it' : 'nobody may see it';
  return `No policy of ${fileName} matches ${path}, so ${others}.`;
}

function sayItemGrant(reason: DecisionReason, { visitor }: ExplainedRequest): readonly string[] {
  if (reason.code !== 'item-grant') return [];
  const granted = `was granted ${reason.items} until ${writeGrantEnd(reason.until, 'en')}`;
  return [`It is allowed, because ${nameVisitor(visitor)} ${granted}, and signed in through service ${reason.service}.`];
}

function sayRequests({ requests }: Policy): readonly string[] {
  return requests === undefined ? [] : [`Whoever signs in through service ${requests} may ask for it.`];
}

/** Where an administrator may think that a grant opens it. */
function sayEndedGrants({ outcome }: Decision, { path, visitor, now }: ExplainedRequest): readonly string[] {
  if (outcome === 'allowed') return [];
  const ended = (visitor.user?.itemGrants ?? []).filter((grant) => grant.until <= now && covers(grant, path));
  return ended.map(({ items, until }) => `The grant of ${items} to ${nameVisitor(visitor)} was until ${writeGrantEnd(until, 'en')}.`);
}

/** `Policy 2 (access.yaml line 14, items letters/**)` */
export function namePolicy(policy: Policy, fileName: string): string {
  return `Policy ${policy.number} (${fileName} line ${policy.line}, items ${policy.items.join(', ')})`;
}

function wayIn({ service, role, at }: Extract<DecisionReason, { code: 'granted' }>, about: ExplainedRequest): string {
  const ways = [
    ...(role === null ? [] : [`has role ${role}`]),
    sayAspect(service, about),
    ...(at === undefined ? [] : [sayAspect(at, about)]),
  ];
  return ways.join(' and ');
}

/** What the visitor has of a service. */
function sayAspect(name: string, { access, visitor }: ExplainedRequest): string {
  if (name === TOKENS_SERVICE) return 'came with a personal access token';
  const service = access.services.get(name);
  const aspect = service === undefined ? null : findAspect(service, visitor);
  if (aspect?.kind === 'network') return `is at ${visitor.address}, in network ${aspect.network.text} of service ${name}`;
  if (aspect?.kind === 'device') return `is at a registered device of service ${name}`;
  if (aspect?.kind === 'account') return `signed in here, as service ${name} asks`;
  return `has been through service ${name}`;
}

function saySeats({ seats }: Policy): readonly string[] {
  if (seats === undefined) return [];
  const readers = seats.count === 1 ? 'One reader' : `${seats.count} readers`;
  return [`${readers} at once may have it open: a seat comes with the first request, and goes after ${seats.minutes} minutes without one.`];
}

/** Of a tier: those whom it is for, and those who may see more. */
function rulesOf(policy: Policy, { tier, now }: ExplainedRequest): readonly AllowRule[] {
  const allow = rulesInForce(policy, now);
  const own = tier === undefined || isEmbargoed(policy, now) ? [] : [tier.for];
  return [...own, allow].flatMap((rules) => (rules === 'everyone' ? [] : rules));
}

function sayWhatIsMissing(policy: Policy, about: ExplainedRequest): string {
  const { access, visitor } = about;
  const rules = rulesOf(policy, about);
  const all = rules.flatMap(({ service }) => access.services.get(service) ?? []);
  const services = all.filter((service) => isServiceOpen(service, about.now));
  if (services.length === 0 && all.length === rules.length) return 'its services are closed at this hour';
  const elsewhere = [...new Set(services.filter(isBoundToAPlace))];
  const address = visitor.address === '' ? 'an unnamed address' : visitor.address;
  const place = `is at ${address}, ${noPlace(elsewhere)} of service ${elsewhere.map(({ name }) => name).join(', ')}`;
  const sentences = elsewhere.length === services.length ? [] : ['has been through none of its services'];
  const token = rules.some(({ service }) => service === TOKENS_SERVICE) ? ['brought no personal access token'] : [];
  return `${nameVisitor(visitor)} ${[...sentences, ...token, ...(elsewhere.length === 0 ? [] : [place])].join(', and ')}`;
}

function noPlace(services: readonly AccessService[]): string {
  const places = [
    services.some(({ networks }) => networks.length > 0) ? 'in no network' : null,
    services.some(({ devices }) => devices === true) ? 'at no registered device' : null,
  ];
  return places.filter((place) => place !== null).join(' and ');
}

function nameVisitor({ user }: Visitor): string {
  return user === null ? 'the visitor' : `user ${user.name}`;
}

function listRoles({ user }: Visitor): string {
  if (user === null) return 'nobody signed in';
  return user.roles.length === 0 ? 'the user has no roles' : `the user has ${user.roles.join(', ')}`;
}

function sayWhatIsEnough(policy: Policy, about: ExplainedRequest): string {
  const ways = rulesOf(policy, about).map((rule) => nameRule(rule, about.access));
  return `Enough is: ${ways.join('; or ')}.`;
}

/** Nothing where there is none, or its date has come. */
function sayEmbargo({ embargo, allow, openIn = [] }: Policy, { access, now }: ExplainedRequest): readonly string[] {
  if (embargo === undefined || now >= embargo.until) return [];
  const ways = [...openIn.map((period) => `everyone${periodWords(period)}`), ...(allow.length === 0 ? [] : [nameAudience(allow, access)])];
  const then = ways.length === 0 ? 'nobody' : ways.join('; or ');
  return [`This is its embargo, which ends on ${writeDate(embargo.until, 'en')}. From then on it allows: ${then}.`];
}

/** What it allows at other times than always, in force or not. */
function sayTimes(policy: Policy, { access }: ExplainedRequest): readonly string[] {
  if (!hasTimes(policy)) return [];
  const rules = policy.allow === 'everyone' ? [] : policy.allow.filter(isTimed);
  const timed = [
    ...(policy.openIn ?? []).map((period) => `everyone${periodWords(period)}`),
    ...rules.map((rule) => nameRule(rule, access)),
  ];
  return [`By its dates it allows: ${timed.join('; and ')}.`];
}

/** Of each of its services with opening hours: whether it is open, and until when. */
function sayHours(policy: Policy, about: ExplainedRequest): readonly string[] {
  const { access, now } = about;
  const names = new Set(rulesOf(policy, about).flatMap(({ service, at }) => [service, ...(at === undefined ? [] : [at])]));
  return [...names].flatMap((name) => {
    const hours = access.services.get(name)?.hours;
    if (hours === undefined) return [];
    const change = writeDayAndTime(nextChange(hours, now), 'en', hours.zone);
    if (isOpen(hours, now)) return [`Service ${name} is open now, until ${change}.`];
    return [`Service ${name} is closed now, ${nextOpening(hours, now) === null ? 'and does not open within a year' : `until ${change}`}.`];
  });
}

function hasTimes({ allow, openIn }: Policy): boolean {
  return openIn !== undefined || (allow !== 'everyone' && allow.some(isTimed));
}

function isTimed({ from, until }: Period): boolean {
  return from !== undefined || until !== undefined;
}

/** Until its embargo is over a policy gives no tiers. */
function sayTiers({ otherwise = [], embargo }: Policy, { access, now }: ExplainedRequest): readonly string[] {
  if (embargo !== undefined && now < embargo.until) return [];
  return otherwise.map(
    (tier) => `Otherwise there is tier ${tier.name} (${nameChanges(tier).join(', ')}) for ${nameAudience(tier.for, access)}.`,
  );
}

/** What the policy says of it; nothing where it leaves all as it is by itself. */
function sayTelling({ whenLocked = {} }: Policy): readonly string[] {
  const { label, dimensions, thumbnail, listed, manifest } = whenLocked;
  const parts = [
    label === false ? 'no label' : null,
    dimensions === false ? 'no dimensions' : null,
    thumbnail === undefined ? null : `a thumbnail of ${thumbnail} pixels`,
    listed === undefined ? null : listed ? 'named in lists' : 'named in no list',
    manifest === 'locked' ? 'no manifest' : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? [] : [`To those who may not see it: ${parts.join(', ')}.`];
}

/** What makes a tier less than the item: `at most 800 pixels`, `gray`. */
export function nameChanges({ item, maxSize, maxOutput, gray, watermark, blur, blackout }: Tier): readonly string[] {
  return [
    ...(item === null ? [] : [`the item ${item} in its place`]),
    ...(maxSize === null ? [] : [`at most ${maxSize} pixels`]),
    ...(maxOutput === null ? [] : [`in parts of at most ${maxOutput} pixels`]),
    ...(gray ? ['gray'] : []),
    ...(watermark === null ? [] : ['with a watermark']),
    ...(blur.length === 0 ? [] : ['blurred in part']),
    ...(blackout.length === 0 ? [] : ['blacked out in part']),
  ];
}

function nameAudience(audience: Tier['for'], access: AccessModel): string {
  return audience === 'everyone' ? audience : audience.map((rule) => nameRule(rule, access)).join('; or ');
}

function nameRule({ service: name, roles, at, ...period }: AllowRule, access: AccessModel): string {
  const whose = roles.length === 0 ? '' : ` as a user with role ${roles.join(' or ')}`;
  const there = at === undefined ? '' : `, at ${nameRule({ service: at, roles: [] }, access)}`;
  if (name === TOKENS_SERVICE) return `a personal access token${whose}${there}${periodWords(period)}`;
  const { networks = [], devices, perItem, minutes, hours } = access.services.get(name) ?? {};
  const places = [...networks.map(({ text }) => text), ...(devices === true ? ['a registered device'] : [])];
  const from = places.length === 0 ? '' : ` from ${places.join(', ')}`;
  const item = perItem === true ? ' for this item' : '';
  const time = minutes === undefined ? '' : ` within ${minutes} minutes`;
  const open = hours === undefined ? '' : ' in its opening hours';
  return `service ${name}${from}${item}${time}${open}${whose}${there}${periodWords(period)}`;
}
