import { LOCAL_SOURCE } from '../../domain/session.ts';
import type { KnownSource, SignOnTarget } from '../../domain/sign-on.ts';
import { chooseTexts } from '../../iiif/auth/language.ts';
import { parseAcceptLanguage } from '../../lib/accept-language.ts';
import type { SignInChoices } from '../../ui/pages/sign-in.ts';
import type { AccessDeps } from '../access/access-deps.ts';
import { rootOf } from '../access/access-page.ts';
import type { HttpRequest } from '../server/exchange.ts';
import { SIGN_ON_PURPOSE, startHref } from './sign-on-target.ts';

/** What a page offers whose visitors may sign in through these sources. The cookie that goes with its links is that of any form of the page. */
export function offerSources(
  deps: Pick<AccessDeps, 'identitySources' | 'forms'>,
  request: HttpRequest,
  sources: readonly string[],
  target: SignOnTarget,
): SignInChoices {
  const known = sources.flatMap((name) => deps.identitySources().get(name) ?? []);
  const withPassword = known.filter(({ source }) => source.flow === 'password');
  const elsewhere = known.filter(({ source }) => source.flow !== 'password');
  const { formToken } = deps.forms.prepare(request, SIGN_ON_PURPOSE);
  return {
    takesPassword: sources.includes(LOCAL_SOURCE) || withPassword.length > 0,
    accountsOf: withPassword.map((source) => labelOf(request, source)),
    elsewhere: elsewhere.map((source) => ({
      label: labelOf(request, source),
      href: startHref(rootOf(request), source.name, target, formToken),
    })),
  };
}

/** The one source of a list with nothing else in it, where browsers can be sent there at once. */
export function soleOutsideSource(deps: Pick<AccessDeps, 'identitySources'>, sources: readonly string[]): KnownSource | null {
  const [name, ...more] = sources;
  const known = name === undefined || more.length > 0 ? undefined : deps.identitySources().get(name);
  return known === undefined || known.source.flow === 'password' ? null : known;
}

export function labelOf(request: HttpRequest, { label }: KnownSource): string {
  return chooseTexts(label, parseAcceptLanguage(request.header('accept-language'))).join(' ');
}
