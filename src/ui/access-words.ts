import type { AccessModel, AccessService, Decision, Policy, Tier } from '../domain/access.ts';
import { rulesInForce } from '../domain/decide.ts';
import { serviceOfRules } from '../domain/item-service.ts';
import { chooseTexts } from '../iiif/auth/language.ts';
import { writeDate } from '../lib/written-date.ts';
import { fill, interfaceLanguage, type Texts, textsIn } from './texts.ts';

/** A decision in words, as the front page shows it. */
export interface AccessWords {
  readonly kind: 'open' | 'granted' | 'locked' | 'closed';
  readonly text: string;
}

/** `tier` is the lesser version that the reader may see instead. */
export function accessWords(decision: Decision, access: AccessModel, lang: string, tier?: Tier): AccessWords {
  const words = wordsOf(decision, access, lang);
  if (tier === undefined) return words;
  const t = textsIn(interfaceLanguage(lang));
  return { ...words, text: `${words.text} · ${tier.for === 'everyone' ? t.previewForEveryone : t.previewForYou}` };
}

function wordsOf(decision: Decision, access: AccessModel, lang: string): AccessWords {
  const t = textsIn(interfaceLanguage(lang));
  if (decision.outcome === 'refused') return { kind: 'closed', text: closedWords(decision.embargoUntil, lang) };
  if (decision.outcome === 'allowed')
    return decision.open ? { kind: 'open', text: t.accessOpen } : { kind: 'granted', text: t.accessGranted };
  const { reason, policy, embargoUntil } = decision;
  const rules = embargoUntil === undefined ? policy.allow : (policy.embargo?.allow ?? []);
  const how = reason.code === 'role-missing' ? fill(t.accessRoles, { roles: reason.roles.join(', ') }) : rulesWords(rules, access, lang);
  return { kind: 'locked', text: fill(t.accessLocked, { how: how + untilWords(embargoUntil, lang) }) };
}

/** What a policy asks for, to somebody who has done nothing yet: `Sign in to Example Library (only for curator) or Terms of use`. */
export function policyWords(policy: Policy, access: AccessModel, lang: string, now: Date): string {
  const rules = rulesInForce(policy, now);
  const until = rules === policy.allow ? undefined : policy.embargo?.until;
  return rules.length === 0 ? closedWords(until, lang) : rulesWords(rules, access, lang) + untilWords(until, lang);
}

function closedWords(until: Date | undefined, lang: string): string {
  return textsIn(interfaceLanguage(lang)).accessClosed + untilWords(until, lang);
}

function untilWords(until: Date | undefined, lang: string): string {
  const language = interfaceLanguage(lang);
  return until === undefined ? '' : ` · ${fill(textsIn(language).accessUntil, { date: writeDate(until, language) })}`;
}

function rulesWords(rules: Policy['allow'], access: AccessModel, lang: string): string {
  const t = textsIn(interfaceLanguage(lang));
  if (rules === 'everyone') return t.accessOpen;
  const ways = rules.map(({ service: name, roles }) => {
    const service = serviceOfRules(rules, name, access, '');
    const label = service === null ? t.accessClosed : serviceLabel(service, lang);
    return roles.length === 0 ? label : `${label} (${fill(t.accessRoles, { roles: roles.join(', ') })})`;
  });
  return ways.length === 0 ? t.accessClosed : [...new Set(ways)].join(t.or);
}

const WORDS_WITHOUT_LABEL = {
  login: 'accessSignIn',
  clickthrough: 'accessTerms',
  kiosk: 'accessElsewhere',
  external: 'accessElsewhere',
} as const satisfies Record<AccessService['pattern'], keyof Texts>;

/** What a service is called, for a link to it. */
export function serviceLabel(service: AccessService, lang: string): string {
  const t = textsIn(interfaceLanguage(lang));
  const label = chooseTexts(service.label, [lang]).join(' ');
  return label || t[WORDS_WITHOUT_LABEL[service.pattern]];
}
