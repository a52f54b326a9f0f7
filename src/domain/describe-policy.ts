import { writeDate } from '../lib/written-date.ts';
import type { AccessModel, AccessService, AllowRule, Policy } from './access.ts';
import { isBoundToAPlace } from './authorizing-aspect.ts';
import { periodWords } from './period-words.ts';
import { TOKENS_SERVICE } from './personal-token.ts';

/** What a policy asks for and gives, in one line: `sign in with the role reader; a preview for everyone`. */
export function describePolicy(model: AccessModel, policy: Policy, now: Date): string {
  return describeOpening(model, policy, now) + describeRequests(policy) + describeTiers(policy) + describeListing(policy);
}

function describeRequests({ requests }: Policy): string {
  return requests === undefined ? '' : ', or be granted it on request';
}

function describeTiers({ otherwise = [] }: Policy): string {
  if (otherwise.length === 0) return '';
  return otherwise.some((tier) => tier.for === 'everyone') ? '; a preview for everyone' : '; a preview for some';
}

function describeListing({ whenLocked }: Policy): string {
  if (whenLocked?.listed === false) return '; named in no list';
  return whenLocked?.thumbnail === undefined ? '' : '; a thumbnail for everyone';
}

function describeOpening(model: AccessModel, policy: Policy, now: Date): string {
  const { embargo } = policy;
  if (embargo === undefined || now >= embargo.until) return describeAllow(model, policy);
  return `${describeAllow(model, embargo)} until ${writeDate(embargo.until, 'en')}, then ${describeAllow(model, policy)}`;
}

function describeAllow(model: AccessModel, { allow, openIn = [] }: Pick<Policy, 'allow' | 'openIn'>): string {
  if (allow === 'everyone') return EVERYONE;
  const ways = [...openIn.map((period) => EVERYONE + periodWords(period)), ...allow.map((rule) => describeRule(model, rule))];
  return ways.length === 0 ? 'nobody' : ways.join(', or ');
}

const EVERYONE = 'open to everyone';

function describeRule(model: AccessModel, { service, roles, at, ...period }: AllowRule): string {
  const place = at === undefined ? '' : `, and ${describeService(model.services.get(at))}`;
  const act = (service === TOKENS_SERVICE ? 'bring a personal access token' : describeService(model.services.get(service))) + place;
  return `${act}${roles.length === 0 ? '' : ` with the role ${roles.join(' or ')}`}${periodWords(period)}`;
}

/** What somebody does at a service, as an order: `agree to the terms for each item`. */
export function describeService(service: AccessService | undefined): string {
  if (service === undefined) return 'sign in';
  const hours = service.hours === undefined ? '' : ' in its opening hours';
  if (isBoundToAPlace(service)) return describePlace(service) + hours;
  return ACTS[service.pattern] + (service.perItem === true ? ' for each item' : '') + hours;
}

function describePlace({ networks, devices }: AccessService): string {
  const places = networks.length === 0 ? [] : [`be in ${networks.map(({ text }) => text).join(', ')}`];
  return [...places, ...(devices === true ? ['be at a registered device'] : [])].join(', or ');
}

const ACTS: Readonly<Record<AccessService['pattern'], string>> = {
  login: 'sign in',
  clickthrough: 'agree to the terms',
  kiosk: 'open the kiosk',
  external: 'sign in at /sign-in',
};
