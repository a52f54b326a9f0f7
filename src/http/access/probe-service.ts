/**
 * The probe service. Its answer is always 200; what the item would answer is in the body.
 * https://iiif.io/api/auth/2.0/#probe-service
 */
import type { Decision } from '../../domain/access.ts';
import { countsByCookie } from '../../domain/authorizing-aspect.ts';
import type { Item } from '../../domain/item.ts';
import { timingTexts } from '../../domain/timing-texts.ts';
import { nobody, type Visitor } from '../../domain/visitor.ts';
import { answerProbe, type ProbeOutcome } from '../../flows/answer-probe.ts';
import type { Substitute as FoundSubstitute } from '../../flows/find-substitutes.ts';
import { type AuthProbeLocation2, imageLocation, type ProbeLocation, probeLocation } from '../../iiif/auth/probe-location.ts';
import { type AuthProbeResult2, probeResult, type Substitute } from '../../iiif/auth/probe-result.ts';
import { seatsTexts } from '../../iiif/auth/seats-texts.ts';
import { isActive } from '../../iiif/auth/service-description.ts';
import { cookieWithheldTexts, type HeadingAndNote, PROBE_TEXTS, requestableTexts } from '../../iiif/auth/texts.ts';
import { withWithheldNote } from '../../iiif/auth/withheld-note.ts';
import { parseIdentifier } from '../../iiif/image/parse-path.ts';
import { imageServiceUri } from '../../iiif/image/service-uri.ts';
import { isRefusal } from '../../lib/problems.ts';
import { typeOf } from '../iiif/linked-file.ts';
import { itemFileUri } from '../media/media-uri.ts';
import { mediaPagePath, requestLink, viewerPath } from '../pages/page-uris.ts';
import { closedToOthers } from '../server/cors.ts';
import type { Handler, HttpRequest } from '../server/exchange.ts';
import { json } from '../server/reply.ts';
import { activateStorageAccess, isCookieWithheld, VARY_STORAGE_ACCESS } from '../server/storage-access.ts';
import type { AccessDeps } from './access-deps.ts';
import { writeSubstitute } from './substitutes.ts';

export function createProbeService(deps: AccessDeps): Handler {
  return async (request) => {
    const { visitor, result } = await probe(deps, request);
    const readers = closedToOthers(visitor, request.header('origin'));
    const activate = visitor.by === 'nobody' && result.status === 401 ? activateStorageAccess(request) : {};
    return json(200, result, {
      'cache-control': 'no-store',
      // The texts of locked substitutes' services are in the reader's language.
      vary: `Accept-Language, Authorization, Cookie, ${VARY_STORAGE_ACCESS}`,
      ...readers,
      ...activate,
    });
  };
}

/** A failure of ours is a result too: what the content would answer is 500 then. */
async function probe(deps: AccessDeps, request: HttpRequest): Promise<{ visitor: Visitor; result: AuthProbeResult2 | AuthProbeLocation2 }> {
  try {
    const visitor = await deps.recognise(request, 'information');
    const identifier = parseIdentifier(request.params['identifier'] ?? '', deps);
    const outcome: ProbeOutcome = isRefusal(identifier) ? { status: 404 } : await answerProbe(deps, identifier, visitor);
    const location = outcome.status === 200 && !outcome.open ? locationOf(deps, request, visitor, outcome) : null;
    if (location !== null) return { visitor, result: probeLocation(location) };
    const result = resultOf(outcome, (each) => writeSubstitute(each, request, deps));
    return { visitor, result: { ...result, ...textsBeside(deps, request, visitor, outcome) } };
  } catch (error) {
    deps.onFailure(error);
    return { visitor: nobody(request.address), result: probeResult('failed') };
  }
}

/** Where a viewer gets the item without cookies; null where it may not. */
function locationOf(
  deps: AccessDeps,
  request: HttpRequest,
  visitor: Visitor,
  { item, until }: Extract<ProbeOutcome, { status: 200 }>,
): ProbeLocation | null {
  const base = deps.signed.baseFor(request, visitor, { identifier: item.identifier, until });
  if (base === null) return null;
  const { kind, identifier, mediaType } = item;
  const version = deps.versionOf(item);
  if (kind === 'image') return imageLocation({ uri: imageServiceUri(base, version, identifier, deps.slashSubstitute), version });
  return { id: itemFileUri(base, item, deps.slashSubstitute), type: typeOf(kind, mediaType), format: mediaType };
}

/** What says more than the table; null for nothing. */
function textsBeside(deps: AccessDeps, request: HttpRequest, visitor: Visitor, outcome: ProbeOutcome): HeadingAndNote | null {
  if (outcome.status !== 401 && outcome.status !== 403) return null;
  const { decision, item } = outcome;
  const isWithheld = opensByCookie(decision) && visitor.by === 'nobody' && isCookieWithheld(request);
  if (isWithheld) return withheldTexts(deps, request, item, decision);
  if (decision.reason.code === 'no-seat') return seatsTexts(decision.reason.seats.count);
  const ask = isOtherAccountNeeded(decision) ? requestLink(request.base, item, decision) : null;
  return ask === null ? timingTexts(decision) : requestableTexts(request.origin + ask);
}

function withheldTexts(deps: AccessDeps, request: HttpRequest, { kind, identifier }: Item, decision: Decision): HeadingAndNote {
  const path =
    kind === 'image'
      ? viewerPath(request.base, 'openseadragon', identifier, deps.slashSubstitute)
      : mediaPagePath(request.base, identifier, deps.slashSubstitute);
  const where = [request.origin + path, `${request.base}/browser-check`] as const;
  return opensByWindow(decision) ? cookieWithheldTexts(...where) : withWithheldNote(PROBE_TEXTS.elsewhere, ...where);
}

function resultOf(outcome: ProbeOutcome, write: (substitute: FoundSubstitute) => Substitute): AuthProbeResult2 {
  if (outcome.status === 200) return probeResult('allowed');
  if (outcome.status === 404) return probeResult('not-found');
  const substitutes = outcome.substitutes.map(write);
  if (outcome.status === 403) return probeResult('refused', substitutes);
  const { decision } = outcome;
  const isElsewhere = (decision.outcome === 'access-needed' && decision.outOfReach === true) || decision.reason.code === 'elsewhere';
  if (isOtherAccountNeeded(decision)) return probeResult('role-missing', substitutes);
  return probeResult(isElsewhere || !opensByWindow(decision) ? 'elsewhere' : 'access-needed', substitutes);
}

function isOtherAccountNeeded({ reason: { code } }: Decision): boolean {
  return code === 'role-missing' || code === 'grant-missing';
}

function opensByCookie(decision: Decision): boolean {
  return decision.outcome === 'access-needed' && decision.services.some(countsByCookie);
}

function opensByWindow(decision: Decision): boolean {
  return decision.outcome === 'access-needed' && decision.services.some(isActive);
}
