import type { AccessService } from '../domain/access.ts';
import { canHelp } from '../domain/authorizing-aspect.ts';
import { grantsInForce } from '../domain/grants-in-force.ts';
import { closedTexts } from '../domain/offered-services.ts';
import { type SignOnStore, sourcesOf } from '../domain/sign-on.ts';
import { nobody } from '../domain/visitor.ts';
import type { HeadingAndNote } from '../iiif/auth/texts.ts';
import { type Refusal, refuse } from '../lib/problems.ts';
import { sourceOfSession } from './admit-person.ts';
import type { VisitAudit } from './audit-visits.ts';
import { type FindDeviceDeps, findDevice, servicesOfDevice } from './find-device.ts';
import { type FindServiceDeps, findService } from './find-service.ts';
import { findLiveSession, type SessionDeps } from './find-session.ts';

export interface AccessServiceDeps extends SessionDeps, FindServiceDeps, FindDeviceDeps {
  readonly visits: Pick<VisitAudit, 'turnedAway'>;
  readonly signOns: SignOnStore;
}

/** What a visitor who opens an access service is shown. Beside kiosks always something to click: browsers count a gesture on our site. */
export type AccessStep =
  | { readonly step: 'sign-in'; readonly service: AccessService; readonly signedInAs: string | null }
  | { readonly step: 'continue'; readonly service: AccessService; readonly userName: string }
  | { readonly step: 'terms'; readonly service: AccessService; readonly alreadyAgreed: boolean }
  /** A kiosk: nothing is asked. */
  | { readonly step: 'enter'; readonly service: AccessService }
  /** A kiosk that does not open where the visitor is. */
  | { readonly step: 'elsewhere'; readonly service: AccessService }
  /** It is outside its opening hours. */
  | { readonly step: 'closed'; readonly service: AccessService; readonly texts: HeadingAndNote };

/** https://iiif.io/api/auth/2.0/#active-interaction-pattern, https://iiif.io/api/auth/1.0/#access-cookie-service */
export async function openAccessService(
  deps: AccessServiceDeps,
  name: string,
  visitor: { readonly cookies: ReadonlyMap<string, string>; readonly address: string },
): Promise<AccessStep | Refusal> {
  const service = await findService(deps, name);
  if (service === null || service.pattern === 'external') return refuse('not-found', 'There is no such access service here.');
  const closed = closedTexts(service, deps.clock.now());
  if (closed !== null) return { step: 'closed', service, texts: closed };
  if (service.pattern === 'kiosk') {
    const devices = servicesOfDevice(await findDevice(deps, visitor.cookies));
    const isHere = canHelp(service, { ...nobody(visitor.address), devices });
    if (!isHere) deps.visits.turnedAway(name, visitor.address, 'it opens at other places only');
    return { step: isHere ? 'enter' : 'elsewhere', service };
  }
  const live = await findLiveSession(deps, visitor.cookies, 'session');
  if (service.pattern === 'clickthrough') {
    const held = grantsInForce(deps.access(), live?.session.grants ?? [], deps.clock.now());
    const alreadyAgreed = held.some((grant) => grant.service === name);
    return { step: 'terms', service, alreadyAgreed };
  }
  if (live === null || live.user === null) return { step: 'sign-in', service, signedInAs: null };
  const isTaken = sourcesOf(service).includes(await sourceOfSession(deps, live.session));
  return isTaken ? { step: 'continue', service, userName: live.user.name } : { step: 'sign-in', service, signedInAs: live.user.name };
}
