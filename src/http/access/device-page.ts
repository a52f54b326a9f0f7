/**
 * `/device/{secret}`: the link that `vitrine device add` prints. Opened on the machine, it makes that browser the device.
 * Opening it changes nothing yet: programs that look at links before people do must not use it up.
 */
import type { Device } from '../../domain/device.ts';
import { DEVICE_COOKIE } from '../../flows/find-device.ts';
import { findDeviceByLink, registerDevice } from '../../flows/register-device.ts';
import { serviceLabel } from '../../ui/access-words.ts';
import { devicePage } from '../../ui/pages/device.ts';
import { noticePage } from '../../ui/pages/notice.ts';
import { fill, textsIn } from '../../ui/texts.ts';
import { serialiseCookie } from '../server/cookies.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { page } from '../server/reply.ts';
import type { AccessDeps } from './access-deps.ts';
import { languageOf, noticeReply, rootOf } from './access-page.ts';

const PURPOSE = 'device';
/** The longest that browsers keep a cookie. https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-the-max-age-attribute */
const COOKIE_DAYS = 400;

export function createDevicePage(deps: AccessDeps): Handler {
  return async (request) => {
    const device = await findDeviceByLink(deps, linkOf(request));
    if (device === null) return overReply(request);
    const { formToken, setCookie } = deps.forms.prepare(request, PURPOSE);
    const frame = { base: request.base, lang: languageOf(request) };
    const action = `${rootOf(request)}/device/${linkOf(request)}`;
    const html = devicePage({ ...frame, action, formToken, device: device.name, service: labelOf(deps, request, device) });
    return page(200, html, { 'set-cookie': setCookie });
  };
}

export function createSubmitDevicePage(deps: AccessDeps): Handler {
  return async (request) => {
    const form = await request.form();
    if (deps.forms.check(request, form, PURPOSE) !== null) return noticeReply(request, 'request.cross-site');
    const registered = await registerDevice(deps, linkOf(request), request.address);
    if (registered === null) return overReply(request);
    const { device, secret } = registered;
    const lang = languageOf(request);
    const t = textsIn(lang);
    const html = noticePage({
      base: request.base,
      lang,
      heading: fill(t.deviceDoneHeading, { device: device.name }),
      text: fill(t.deviceDone, { service: labelOf(deps, request, device) }),
    });
    const cookie = serialiseCookie(DEVICE_COOKIE, secret, {
      path: deps.cookiePath,
      sameSite: 'None',
      maxAgeSeconds: COOKIE_DAYS * 86_400,
    });
    return page(200, html, { 'set-cookie': [cookie] });
  };
}

function linkOf(request: HttpRequest): string {
  return request.params['secret'] ?? '';
}

/** Of a service that the access file no longer has, its name. */
function labelOf(deps: AccessDeps, request: HttpRequest, { service }: Device): string {
  const known = deps.access().services.get(service);
  return known === undefined ? service : serviceLabel(known, languageOf(request));
}

function overReply(request: HttpRequest): Reply {
  const lang = languageOf(request);
  const t = textsIn(lang);
  return page(404, noticePage({ base: request.base, lang, heading: t.deviceLinkOverHeading, text: t.deviceLinkOver }));
}
