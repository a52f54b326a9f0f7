import type { AccessModel, AccessService, Decision, Policy, Tier } from '../domain/access.ts';
import { chooseTexts } from '../iiif/auth/language.ts';
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
  if (decision.outcome === 'refused') return { kind: 'closed', text: t.accessClosed };
  if (decision.outcome === 'allowed')
    return decision.open ? { kind: 'open', text: t.accessOpen } : { kind: 'granted', text: t.accessGranted };
  const { reason, policy } = decision;
  const how = reason.code === 'role-missing' ? fill(t.accessRoles, { roles: reason.roles.join(', ') }) : policyWords(policy, access, lang);
  return { kind: 'locked', text: fill(t.accessLocked, { how }) };
}

/** What a policy asks for, to somebody who has done nothing yet: `Sign in to Example Library (only for curator) or Terms of use`. */
export function policyWords(policy: Policy, access: AccessModel, lang: string): string {
  const t = textsIn(interfaceLanguage(lang));
  if (policy.allow === 'everyone') return t.accessOpen;
  const ways = policy.allow.map(({ service, roles }) => {
    const label = serviceLabel(access, service, lang);
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
export function serviceLabel(access: AccessModel, name: string, lang: string): string {
  const t = textsIn(interfaceLanguage(lang));
  const service = access.services.get(name);
  if (service === undefined) return t.accessClosed;
  const label = chooseTexts(service.label, [lang]).join(' ');
  return label || t[WORDS_WITHOUT_LABEL[service.pattern]];
}
