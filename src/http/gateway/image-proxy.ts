/**
 * The Image API of an upstream, as ours.
 * https://iiif.io/api/image/3.0/#2-uri-syntax
 * https://iiif.io/api/image/2.1/#uri-syntax
 */
import { limitTier } from '../../domain/tier.ts';
import type { Visitor } from '../../domain/visitor.ts';
import { type ForwardDeps, type ForwardOutcome, forwardImage } from '../../flows/gateway/forward-image.ts';
import { CONTENT_TYPES } from '../../iiif/image/features.ts';
import { profileLink } from '../../iiif/image/headers.ts';
import { sizelessDocument } from '../../iiif/image/information.ts';
import type { ImageApiVersion, ImageRequest } from '../../iiif/image/request.ts';
import { giveOnInformation, lessenInformation, profileOfInformation, withoutWords } from '../../iiif/image/upstream-information.ts';
import type { JsonObject } from '../../lib/json.ts';
import { once } from '../../lib/once.ts';
import { deniedImageReply, NO_IMAGE } from '../iiif/denied-image.ts';
import { answerImageApi, conditions, imageReply, KEPT_SECONDS } from '../iiif/image-api.ts';
import { answerInformation, type InformationApiDeps, type StatedInformation, type ToldInformation } from '../iiif/information.ts';
import { cacheControl } from '../server/cache-control.ts';
import { isFresh } from '../server/conditional.ts';
import { closedToOthers } from '../server/cors.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { problem } from '../server/reply.ts';

export interface ImageProxyDeps extends ForwardDeps, InformationApiDeps {
  /** Whoever asks for content (by cookie), or for an information document (by token or cookie). */
  recognise(request: HttpRequest, purpose: 'content' | 'information'): Promise<Visitor>;
}

/** Answers everything below `/iiif/{version}/`; the rest of the path is the parameter `rest`. */
export function createImageProxy(version: ImageApiVersion, deps: ImageProxyDeps): Handler {
  return answerImageApi(version, deps, async (request, parsed) => {
    if (parsed.kind === 'image') return answerImage(deps, request, parsed.request);
    const item = await deps.upstreams.items.find(parsed.identifier);
    if (item === null || deps.upstreams.versionOf(item) !== version) return problem(NO_IMAGE);
    return answerInformation(deps, request, { version, identifier: parsed.identifier }, (told, stated) => giveOn(deps, told, stated));
  });
}

async function answerImage(deps: ImageProxyDeps, request: HttpRequest, asked: ImageRequest): Promise<Reply> {
  const visitor = once(() => deps.recognise(request, 'content'));
  const outcome = await forwardImage(deps, {
    request: asked,
    visitor,
    ...conditions(request),
    isFresh: (etag, modified) => isFresh(conditions(request), etag, modified),
    signal: request.signal,
  });
  if (outcome.kind === 'not-found') return problem(NO_IMAGE);
  const readers = closedToOthers(await visitor(), request.header('origin'));
  if (outcome.kind === 'denied') return deniedImageReply(request, outcome.decision, readers);
  if (outcome.kind === 'refused') return problem(outcome, readers);
  if (outcome.kind !== 'answered') return imageReply(deps, request, asked, outcome, readers);
  return passOn(deps, request, asked, outcome, outcome.open ? {} : readers);
}

function passOn(
  deps: ImageProxyDeps,
  request: HttpRequest,
  asked: ImageRequest,
  outcome: Extract<ForwardOutcome, { kind: 'answered' }>,
  readers: Readonly<Record<string, string>>,
): Reply {
  const { answer } = outcome;
  const headers = {
    ...(answer.etag === null ? {} : { etag: answer.etag }),
    ...(answer.modified === null ? {} : { 'last-modified': answer.modified.toUTCString() }),
    'cache-control': cacheControl(outcome, KEPT_SECONDS, deps.now()),
    ...readers,
  };
  if (answer.kind === 'not-modified') return { status: 304, headers, body: null };
  // Its length is all that is wanted of the body.
  if (request.method === 'HEAD') answer.discard();
  return { status: 200, headers: { 'content-type': CONTENT_TYPES[asked.format], ...headers }, body: answer };
}

async function giveOn({ upstreams, making }: ImageProxyDeps, told: ToldInformation, { version, id, services }: StatedInformation) {
  const { item, description, telling } = told;
  // Services are written by us, of texts and lists alone.
  const stated = { version, id, services: services as readonly JsonObject[] };
  if (description === null || !telling.dimensions)
    return { document: sizelessDocument(stated), profile: profileLink(version), modified: null };
  const { document, modified } = await upstreams.readInformation(item);
  const shown = telling.label ? document : withoutWords(document);
  const lessened = item.tier === undefined ? shown : lessenInformation(shown, version, description, limitTier(making.limits, item.tier));
  return { document: giveOnInformation(lessened, stated), profile: profileOfInformation(document, version), modified };
}
