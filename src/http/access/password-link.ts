/**
 * `/invitation/{secret}` and `/reset/{secret}`: links by which people set a password. Opening one changes nothing yet:
 * programs that look at links before people do must not use it up.
 */
import type { UserLinkKind } from '../../domain/user-link.ts';
import { findPasswordLink, type PasswordSet, setPasswordByLink } from '../../flows/set-password-by-link.ts';
import { noticePage } from '../../ui/pages/notice.ts';
import { setPasswordPage } from '../../ui/pages/set-password.ts';
import { fill, type Language, textsIn } from '../../ui/texts.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { page } from '../server/reply.ts';
import type { AccessDeps } from './access-deps.ts';
import { languageOf, noticeReply, rootOf } from './access-page.ts';

const PURPOSE = 'password';

export function createPasswordLink(deps: AccessDeps, kind: UserLinkKind): Handler {
  return async (request) => {
    const found = await findPasswordLink(deps, kind, secretOf(request));
    return found === null ? overReply(request) : formReply(deps, request, { kind, userName: found.user.name, error: null });
  };
}

export function createSubmitPasswordLink(deps: AccessDeps, kind: UserLinkKind): Handler {
  return async (request) => {
    const form = await request.form();
    if (deps.forms.check(request, form, PURPOSE) !== null) return noticeReply(request, 'request.cross-site');
    const [password, again] = [form.get('password') ?? '', form.get('again') ?? ''];
    const outcome = await setPasswordByLink(deps, kind, { secret: secretOf(request), password, again, address: request.address });
    if (outcome.kind === 'over') return overReply(request);
    const lang = languageOf(request);
    if (outcome.kind === 'flawed') {
      return formReply(deps, request, { kind, userName: outcome.user.name, error: flawInWords(lang, outcome.flaw) });
    }
    const t = textsIn(lang);
    const link = { address: `${rootOf(request)}/sign-in`, label: t.signIn };
    const text = fill(t.passwordSet, { user: outcome.user.name });
    return page(200, noticePage({ base: request.base, lang, heading: t.passwordSetHeading, text, link }));
  };
}

function secretOf(request: HttpRequest): string {
  return request.params['secret'] ?? '';
}

function formReply(
  deps: AccessDeps,
  request: HttpRequest,
  shown: { readonly kind: UserLinkKind; readonly userName: string; readonly error: string | null },
): Reply {
  const { formToken, setCookie } = deps.forms.prepare(request, PURPOSE);
  const action = `${rootOf(request)}/${shown.kind}/${secretOf(request)}`;
  const html = setPasswordPage({ base: request.base, lang: languageOf(request), action, formToken, ...shown });
  return page(shown.error === null ? 200 : 400, html, { 'set-cookie': setCookie });
}

const FLAW_TEXTS = {
  untypable: 'passwordUntypable',
  short: 'passwordShort',
  long: 'passwordLong',
  name: 'passwordOwnName',
  common: 'passwordCommon',
  different: 'passwordsDiffer',
} as const satisfies Record<Extract<PasswordSet, { kind: 'flawed' }>['flaw'], string>;

function flawInWords(language: Language, flaw: keyof typeof FLAW_TEXTS): string {
  return textsIn(language)[FLAW_TEXTS[flaw]];
}

function overReply(request: HttpRequest): Reply {
  const lang = languageOf(request);
  const t = textsIn(lang);
  return page(404, noticePage({ base: request.base, lang, heading: t.deviceLinkOverHeading, text: t.passwordLinkOver }));
}
