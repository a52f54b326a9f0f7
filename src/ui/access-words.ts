import type { AccessModel, AccessService, Decision, Policy, Tier } from '../domain/access.ts';
import { serviceOfRules } from '../domain/item-service.ts';
import { rulesInForce, timesOf } from '../domain/period.ts';
import { TOKENS_SERVICE } from '../domain/personal-token.ts';
import { chooseTexts } from '../iiif/auth/language.ts';
import { writeDate, writeDayAndTime } from '../lib/written-date.ts';
import { fill, interfaceLanguage, type Texts, textsIn } from './texts.ts';

/** A decision in words, as the front page shows it. */
export interface AccessWords {
  readonly kind: 'open' | 'granted' | 'locked' | 'closed';
  readonly text: string;
}

/** For whom it is said, and when. */
export interface WordsReader {
  readonly access: AccessModel;
  readonly lang: string;
  readonly now: Date;
}

/** `tier` is the lesser version that the reader may see instead. */
export function accessWords(decision: Decision, reader: WordsReader, tier?: Tier): AccessWords {
  const words = wordsOf(decision, reader);
  if (tier === undefined) return words;
  const t = textsIn(interfaceLanguage(reader.lang));
  return { ...words, text: `${words.text} · ${tier.for === 'everyone' ? t.previewForEveryone : t.previewForYou}` };
}

function wordsOf(decision: Decision, { access, lang, now }: WordsReader): AccessWords {
  const t = textsIn(interfaceLanguage(lang));
  if (decision.outcome === 'refused') return { kind: 'closed', text: closedWords(decision, lang) };
  if (decision.outcome === 'allowed')
    return decision.open ? { kind: 'open', text: t.accessOpen } : { kind: 'granted', text: t.accessGranted };
  const { reason, policy } = decision;
  if (reason.code === 'no-seat') return { kind: 'locked', text: seatsWords(policy, lang) };
  const rules = rulesInForce(policy, now);
  const how =
    reason.code === 'role-missing' ? fill(t.accessRoles, { roles: reason.roles.join(', ') }) : waysWords(rules, policy, access, lang);
  return { kind: 'locked', text: fill(t.accessLocked, { how: how + timeWords(decision, lang) }) };
}

/** What a policy asks for, to somebody who has done nothing yet: `Sign in to Example Library (only for curator) or Terms of use`. */
export function policyWords(policy: Policy, access: AccessModel, lang: string, now: Date): string {
  const rules = rulesInForce(policy, now);
  const times = timesOf(policy, now, rules.length === 0);
  const isClosed = rules.length === 0 && policy.requests === undefined;
  if (isClosed) return closedWords(times, lang);
  const seats = policy.seats === undefined ? '' : ` · ${seatsWords(policy, lang)}`;
  return waysWords(rules, policy, access, lang) + timeWords(times, lang) + seats;
}

function seatsWords({ seats }: Policy, lang: string): string {
  return fill(textsIn(interfaceLanguage(lang)).accessSeats, { count: String(seats?.count ?? 0) });
}

function closedWords(times: Times, lang: string): string {
  return textsIn(interfaceLanguage(lang)).accessClosed + timeWords(times, lang);
}

type Times = Pick<Exclude<Decision, { outcome: 'allowed' }>, 'embargoUntil' | 'timing'>;

function timeWords({ embargoUntil, timing }: Times, lang: string): string {
  const language = interfaceLanguage(lang);
  const t = textsIn(language);
  if (timing?.opensAt !== undefined && timing.zone !== undefined)
    return ` · ${fill(t.accessOpens, { time: writeDayAndTime(timing.opensAt, language, timing.zone) })}`;
  const opensAt = embargoUntil ?? timing?.opensAt;
  if (opensAt !== undefined) return ` · ${fill(t.accessUntil, { date: writeDate(opensAt, language) })}`;
  return timing?.closedSince === undefined ? '' : ` · ${fill(t.accessSince, { date: writeDate(timing.closedSince, language) })}`;
}

/** With the way to ask, where there is one. */
function waysWords(rules: Policy['allow'], { requests }: Policy, access: AccessModel, lang: string): string {
  const t = textsIn(interfaceLanguage(lang));
  if (requests === undefined) return rulesWords(rules, access, lang);
  return rules.length === 0 ? t.accessOnRequest : `${rulesWords(rules, access, lang)}${t.or}${t.accessOnRequest}`;
}

function rulesWords(rules: Policy['allow'], access: AccessModel, lang: string): string {
  const t = textsIn(interfaceLanguage(lang));
  if (rules === 'everyone') return t.accessOpen;
  const forReaders = rules.filter(({ service }) => service !== TOKENS_SERVICE);
  const ways = forReaders.map(({ service: name, roles, at }) => {
    const service = serviceOfRules(rules, name, access, '');
    const label = service === null ? t.accessClosed : serviceLabel(service, lang);
    const way = roles.length === 0 ? label : `${label} (${fill(t.accessRoles, { roles: roles.join(', ') })})`;
    const place = at === undefined ? undefined : access.services.get(at);
    return place === undefined ? way : fill(t.accessAt, { how: way, place: serviceLabel(place, lang) });
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
