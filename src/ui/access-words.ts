import type { AccessModel, Decision, Policy } from '../domain/access.ts';
import { chooseTexts } from '../iiif/auth/language.ts';
import { fill, interfaceLanguage, type Texts, textsIn } from './texts.ts';

/** A decision in words, as the front page shows it. */
export interface AccessWords {
  readonly kind: 'open' | 'granted' | 'locked' | 'closed';
  readonly text: string;
}

export function accessWords(decision: Decision, access: AccessModel, lang: string): AccessWords {
  const t = textsIn(interfaceLanguage(lang));
  if (decision.outcome === 'refused') return { kind: 'closed', text: t.accessClosed };
  if (decision.outcome === 'allowed')
    return decision.open ? { kind: 'open', text: t.accessOpen } : { kind: 'granted', text: t.accessGranted };
  if (decision.reason.code === 'role-missing') return { kind: 'locked', text: onlyFor(decision.reason.roles, t) };
  return { kind: 'locked', text: policyWords(decision.policy, access, lang) };
}

/** What a policy asks for, to somebody who has done nothing yet: `Sign in to Example Library (only for: curator) or Terms of use`. */
export function policyWords(policy: Policy, access: AccessModel, lang: string): string {
  const t = textsIn(interfaceLanguage(lang));
  if (policy.allow === 'everyone') return t.accessOpen;
  const ways = policy.allow.map(({ service, roles }) => {
    const label = serviceLabel(access, service, lang, t);
    return roles.length === 0 ? label : `${label} (${lowerFirst(onlyFor(roles, t))})`;
  });
  return ways.length === 0 ? t.accessClosed : [...new Set(ways)].join(t.or);
}

function serviceLabel(access: AccessModel, name: string, lang: string, t: Texts): string {
  const service = access.services.get(name);
  if (service === undefined) return t.accessClosed;
  const label = chooseTexts(service.label, [lang]).join(' ');
  return label || (service.pattern === 'login' ? t.accessSignIn : t.accessTerms);
}

function onlyFor(roles: readonly string[], t: Texts): string {
  return fill(t.accessRoles, { roles: roles.join(', ') });
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
