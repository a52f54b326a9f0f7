/**
 * Image API 2.1 and 3.0 over HTTP.
 * https://iiif.io/api/image/3.0/#2-uri-syntax
 * https://iiif.io/api/image/2.1/#uri-syntax
 */
import type { AccessService, Decision } from '../../domain/access.ts';
import { limitTier } from '../../domain/tier.ts';
import type { Visitor } from '../../domain/visitor.ts';
import { type ImageDeps, type ImageOutcome, serveImage } from '../../flows/serve-image.ts';
import { type InformationOutcome, serveInformation } from '../../flows/serve-information.ts';
import type { SignedItem } from '../../flows/sign-path.ts';
import { itemAuthServices } from '../../iiif/auth/item-services.ts';
import { authUris } from '../../iiif/auth/uris.ts';
import { CONTENT_TYPES } from '../../iiif/image/features.ts';
import { canonicalLink, informationMediaType, profileLink } from '../../iiif/image/headers.ts';
import { informationDocument, sizelessDocument } from '../../iiif/image/information.ts';
import { NO_REQUEST_SYNTAX, parseImagePath } from '../../iiif/image/parse-path.ts';
import type { ImageApiVersion, ImageRequest } from '../../iiif/image/request.ts';
import { imageServiceUri } from '../../iiif/image/service-uri.ts';
import { isRefusal, refuse } from '../../lib/problems.ts';
import { cacheControl } from '../server/cache-control.ts';
import { isFresh } from '../server/conditional.ts';
import { closedToOthers } from '../server/cors.ts';
import { documentReply } from '../server/document-reply.ts';
import type { Handler, HttpRequest, PlainRequest, ReadyAnswer, Reply, WholeReply } from '../server/exchange.ts';
import { problem, seeOther } from '../server/reply.ts';
import { activateStorageAccess, VARY_STORAGE_ACCESS } from '../server/storage-access.ts';
import { closedItem } from './closed-item.ts';
import type { ReadyImages, ReadyImagesDeps } from './ready-images.ts';

export interface ImageApiDeps extends ImageDeps {
  readonly slashSubstitute: string | null;
  /** Status of a locked item's information document. */
  readonly lockedInformationStatus: 401 | 200;
  /** Whoever asks for content (by cookie), or for an information document (by token or cookie). */
  recognise(request: HttpRequest, purpose: 'content' | 'information'): Promise<Visitor>;
  /** What the item's URIs begin with where the visitor gets it without cookies; null where not. */
  signedBase(request: HttpRequest, visitor: Visitor, item: SignedItem): string | null;
}

/**
 * Answers everything below `/iiif/{version}/`; the rest of the path is the parameter `rest`. Images that it answers are
 * kept in `ready`, where there is one, as far as they may be.
 */
export function createImageApi(version: ImageApiVersion, deps: ImageApiDeps, ready: ReadyImages | null = null): Handler {
  return async (request) => {
    const parsed = parseImagePath(request.params['rest'] ?? '', version, { slashSubstitute: deps.slashSubstitute });
    // The specifications leave it open (§2); IIIF's validator wants 404 for an identifier with a bare slash.
    if (parsed === NO_REQUEST_SYNTAX) return problem(refuse('not-found', parsed.detail));
    if (isRefusal(parsed)) return problem(parsed);
    if (parsed.kind === 'image') return answerImage(deps, request, parsed.request, ready);
    if (parsed.kind === 'information') return answerInformation(deps, request, version, parsed.identifier);
    return seeOther(`${imageServiceUri(request.base, version, parsed.identifier, deps.slashSubstitute)}/info.json`);
  };
}

/** The answers to images that are there already, from what `createImageApi` kept. */
export function createReadyAnswer(version: ImageApiVersion, ready: ReadyImages): ReadyAnswer {
  return (request) => ready.answer(version, request);
}

/** What `createReadyImages` writes its answers with. */
export function imageReplies(deps: ImageApiDeps): Pick<ReadyImagesDeps, 'shownReply' | 'deniedReply'> {
  return {
    shownReply: (request, asked, outcome, visitor) =>
      imageReply(deps, request, asked, outcome, closedToOthers(visitor, request.header('origin'))),
    deniedReply: (request, decision, visitor) => deniedReply(request, decision, closedToOthers(visitor, request.header('origin'))),
  };
}

async function answerImage(deps: ImageApiDeps, request: HttpRequest, asked: ImageRequest, ready: ReadyImages | null): Promise<Reply> {
  const recognise = () => deps.recognise(request, 'content');
  const visitor = once(() => (ready === null ? recognise() : ready.recognise(request, recognise)));
  const [access, at] = [deps.access(), deps.now()];
  const outcome = await serveImage(deps, {
    request: asked,
    visitor,
    isFresh: (etag, modified) => isFresh(conditions(request), etag, modified),
    signal: request.signal,
  });
  if (outcome.kind === 'not-found') return problem(NO_ITEM);
  const readers = closedToOthers(await visitor(), request.header('origin'));
  if (outcome.kind === 'image' || outcome.kind === 'denied') {
    ready?.keep({ path: request.params['rest'] ?? '', base: request.base, request: asked, at }, outcome, access);
  }
  if (outcome.kind === 'image' || outcome.kind === 'not-modified') return imageReply(deps, request, asked, outcome, readers);
  if (outcome.kind === 'refused') return problem(outcome, readers);
  return deniedReply(request, outcome.decision, readers);
}

type Readers = Readonly<Record<string, string>>;

function deniedReply(request: PlainRequest, decision: Exclude<Decision, { outcome: 'allowed' }>, readers: Readers): WholeReply {
  return problem(deniedContent(decision), { ...readers, ...askForCookie(request, decision) });
}

function imageReply(
  deps: ImageApiDeps,
  request: PlainRequest,
  asked: ImageRequest,
  outcome: Extract<ImageOutcome, { kind: 'image' | 'not-modified' }>,
  readers: Readers,
): WholeReply {
  const service = imageServiceUri(request.base, asked.version, asked.identifier, deps.slashSubstitute);
  const headers = {
    etag: outcome.etag,
    ...(outcome.modified === null ? {} : { 'last-modified': outcome.modified.toUTCString() }),
    'cache-control': cacheControl(outcome, KEPT_SECONDS, deps.now()),
    link: `${canonicalLink(service, outcome.plan)}, ${profileLink(asked.version)}`,
    ...(outcome.open ? {} : readers),
  };
  if (outcome.kind === 'not-modified') return { status: 304, headers, body: null };
  return { status: 200, headers: { 'content-type': CONTENT_TYPES[asked.format], ...headers }, body: outcome.bytes };
}

async function answerInformation(deps: ImageApiDeps, request: HttpRequest, version: ImageApiVersion, identifier: string): Promise<Reply> {
  const visitor = once(() => deps.recognise(request, 'information'));
  const outcome = await serveInformation(deps, identifier, visitor);
  if (outcome.kind === 'not-found') return problem(NO_ITEM);
  if (outcome.kind === 'refused') return problem(closedItem(outcome.decision, 'item'));
  const { decision } = outcome;
  const who = await visitor();
  // By a signed path there is the item or nothing: what leads to the item has an address of its own.
  if (who.by === 'signed-path' && decision.outcome !== 'allowed') return problem(deniedContent(decision), challenge('Cookie', decision));
  const isOpen = decision.outcome === 'allowed' && decision.open;
  const readers = isOpen ? {} : closedToOthers(who, request.header('origin'));
  // Where nothing can open the item, no service in its document would lead to the tier.
  if (outcome.tier !== null && (deps.lockedInformationStatus === 401 || decision.outcome === 'refused')) {
    const location = `${imageServiceUri(request.base, version, outcome.tier.identifier, deps.slashSubstitute)}/info.json`;
    return tierReply(request, location, decision, readers);
  }
  return informationReply(deps, request, version, outcome, { who, readers });
}

/** https://iiif.io/api/auth/1.0/#tiered-access: who lacks access is sent to the document of a lower tier. */
function tierReply(request: HttpRequest, location: string, decision: Decision, readers: Readonly<Record<string, string>>): Reply {
  // Browsers that have kept the cookie back ask again with it, before they go on.
  const asks = decision.outcome === 'access-needed' ? activateStorageAccess(request) : {};
  const vary = `Authorization, Cookie, ${VARY_STORAGE_ACCESS}`;
  return { status: 302, headers: { location, 'cache-control': 'no-store', vary, ...readers, ...asks }, body: null };
}

function informationReply(
  deps: ImageApiDeps,
  request: HttpRequest,
  version: ImageApiVersion,
  outcome: Extract<InformationOutcome, { kind: 'information' }>,
  { who, readers }: { readonly who: Visitor; readonly readers: Readonly<Record<string, string>> },
): Reply {
  const { item, description, decision, telling } = outcome;
  const isForSome = decision.outcome === 'allowed' && !decision.open;
  const signedBase = isForSome ? deps.signedBase(request, who, { identifier: item.identifier, until: decision.until }) : null;
  // Beside a service, viewers would take another id for that of a lesser version.
  const services = signedBase !== null || who.by === 'signed-path' ? [] : outcome.services;
  const stated = {
    version,
    id: imageServiceUri(signedBase ?? request.base, version, item.identifier, deps.slashSubstitute),
    services: authServices(deps, request, version, item.identifier, services),
  };
  const whole = {
    ...stated,
    width: description.width,
    height: description.height,
    tile: description.tile,
    levels: description.levels,
    limits: limitTier(deps.limits, item.tier),
    rights: telling.label ? description.rights : null,
    alpha: description.alpha,
    gray: description.gray,
  };
  const document = telling.dimensions ? informationDocument(whole) : sizelessDocument(stated);
  const body = `${JSON.stringify(document, null, 2)}\n`;
  const mediaType = informationMediaType(version, request.header('accept'));
  const headers = {
    link: profileLink(version),
    // The texts of access services are in the reader's language.
    vary: outcome.services.length > 0 ? `Accept, Accept-Language, Authorization, Cookie, ${VARY_STORAGE_ACCESS}` : 'Accept',
    ...readers,
  };
  if (decision.outcome === 'access-needed') {
    const asks = { ...challenge('Bearer', decision), ...activateStorageAccess(request) };
    const locked = { 'content-type': mediaType, ...headers, ...asks, 'cache-control': 'no-store' };
    return { status: deps.lockedInformationStatus, headers: locked, body };
  }
  const open = decision.outcome === 'allowed' && decision.open;
  return documentReply(request, { body, mediaType, modified: item.source.modified, open, until: decision.until, headers }, deps);
}

function authServices(
  deps: ImageApiDeps,
  request: HttpRequest,
  version: ImageApiVersion,
  identifier: string,
  services: readonly AccessService[],
) {
  const described = itemAuthServices({
    version,
    services,
    uris: authUris(request.base, deps.slashSubstitute),
    identifier,
    acceptLanguage: request.header('accept-language'),
  });
  return described.map((service) => ({ ...service }));
}

const KEPT_SECONDS = 3600;
const NO_ITEM = refuse('not-found', 'There is no image with this identifier.');

function deniedContent(decision: Exclude<Decision, { outcome: 'allowed' }>) {
  return decision.outcome === 'refused'
    ? closedItem(decision, 'image')
    : refuse('access.needed', 'This image needs access. A viewer can take you there: the information document names the services.');
}

/** Tells browsers and people what is missing. */
function askForCookie(request: PlainRequest, decision: Decision): Record<string, string> {
  if (decision.outcome !== 'access-needed') return {};
  return { ...challenge('Cookie', decision), ...activateStorageAccess(request), vary: VARY_STORAGE_ACCESS };
}

/** RFC 9110 §11.6.1 wants a challenge with 401; browsers ignore these two schemes, so that no dialog opens. */
function challenge(scheme: 'Bearer' | 'Cookie', decision: Decision): Record<string, string> {
  return decision.outcome === 'access-needed' ? { 'www-authenticate': `${scheme} realm="IIIF"` } : {};
}

function conditions(request: HttpRequest) {
  return { ifNoneMatch: request.header('if-none-match'), ifModifiedSince: request.header('if-modified-since') };
}

function once<T>(find: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | null = null;
  return () => {
    found ??= find();
    return found;
  };
}
