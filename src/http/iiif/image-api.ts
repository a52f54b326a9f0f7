/**
 * Image API 2.1 and 3.0 over HTTP.
 * https://iiif.io/api/image/3.0/#2-uri-syntax
 * https://iiif.io/api/image/2.1/#uri-syntax
 */
import type { ImageReader } from '../../domain/ports.ts';
import { limitTier } from '../../domain/tier.ts';
import type { Visitor } from '../../domain/visitor.ts';
import { type ImageDeps, type ImageOutcome, serveImage } from '../../flows/serve-image.ts';
import { type ImageAtOnceDeps, serveImageAtOnce } from '../../flows/serve-image-at-once.ts';
import { CONTENT_TYPES } from '../../iiif/image/features.ts';
import { canonicalLink, profileLink } from '../../iiif/image/headers.ts';
import { informationDocument, sizelessDocument } from '../../iiif/image/information.ts';
import { NO_REQUEST_SYNTAX, type ParsedPath, parseImagePath } from '../../iiif/image/parse-path.ts';
import type { ImageApiVersion, ImageRequest } from '../../iiif/image/request.ts';
import { imageServiceUri } from '../../iiif/image/service-uri.ts';
import { once } from '../../lib/once.ts';
import { isRefusal, refuse } from '../../lib/problems.ts';
import { cacheControl } from '../server/cache-control.ts';
import { isFresh } from '../server/conditional.ts';
import { closedToOthers } from '../server/cors.ts';
import type { Handler, HttpRequest, PlainRequest, ReadyAnswer, Reply, WholeReply } from '../server/exchange.ts';
import { problem, seeOther } from '../server/reply.ts';
import { deniedImageReply, NO_IMAGE, type Readers } from './denied-image.ts';
import { answerInformation, type InformationApiDeps, type StatedInformation, type ToldInformation } from './information.ts';
import type { ReadyImages, ReadyImagesDeps } from './ready-images.ts';

export interface ImageApiDeps extends ImageDeps, InformationApiDeps {
  readonly images: ImageReader;
  /** Whoever asks for content (by cookie), or for an information document (by token or cookie). */
  recognise(request: HttpRequest, purpose: 'content' | 'information'): Promise<Visitor>;
}

/**
 * Answers everything below `/iiif/{version}/`; the rest of the path is the parameter `rest`. Images that it answers are
 * kept in `ready`, where there is one, as far as they may be.
 */
export function createImageApi(version: ImageApiVersion, deps: ImageApiDeps, ready: ReadyImages | null = null): Handler {
  return answerImageApi(version, deps, async (request, parsed) =>
    parsed.kind === 'image'
      ? answerImage(deps, request, parsed.request, ready)
      : answerInformation(deps, request, { version, identifier: parsed.identifier }, (told, stated) =>
          writeInformation(deps, told, stated),
        ),
  );
}

/** What does not parse is refused here, and the base URI sent on to the document; the rest is for `answer`. */
export function answerImageApi(
  version: ImageApiVersion,
  { slashSubstitute }: { readonly slashSubstitute: string | null },
  answer: (request: HttpRequest, parsed: Exclude<ParsedPath, { kind: 'base' }>) => Promise<Reply>,
): Handler {
  return async (request) => {
    const parsed = parseImagePath(request.params['rest'] ?? '', version, { slashSubstitute });
    // The specifications leave it open (§2); IIIF's validator wants 404 for an identifier with a bare slash.
    if (parsed === NO_REQUEST_SYNTAX) return problem(refuse('not-found', parsed.detail));
    if (isRefusal(parsed)) return problem(parsed);
    if (parsed.kind !== 'base') return answer(request, parsed);
    return seeOther(`${imageServiceUri(request.base, version, parsed.identifier, slashSubstitute)}/info.json`);
  };
}

/** The answers to images that are there already, from what `createImageApi` kept. */
export function createReadyAnswer(version: ImageApiVersion, ready: ReadyImages): ReadyAnswer {
  return (request) => ready.answer(version, request);
}

/** What `createReadyImages` makes and writes its answers with. */
export function readyImagesWork(deps: ImageApiDeps & ImageAtOnceDeps): ReadyImagesWork {
  return {
    parse(version, path) {
      const parsed = parseImagePath(path, version, deps);
      return 'kind' in parsed && parsed.kind === 'image' ? parsed.request : null;
    },
    serveAtOnce: (ask) => serveImageAtOnce(deps, ask),
    shownReply: (request, asked, outcome, visitor) =>
      imageReply(deps, request, asked, outcome, closedToOthers(visitor, request.header('origin'))),
    deniedReply: (request, decision, visitor) => deniedImageReply(request, decision, closedToOthers(visitor, request.header('origin'))),
  };
}

type ReadyImagesWork = Pick<ReadyImagesDeps, 'parse' | 'serveAtOnce' | 'shownReply' | 'deniedReply'>;

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
  if (outcome.kind === 'not-found') return problem(NO_IMAGE);
  const readers = closedToOthers(await visitor(), request.header('origin'));
  if (outcome.kind === 'image' || outcome.kind === 'denied') {
    ready?.keep({ path: request.params['rest'] ?? '', base: request.base, request: asked, at }, outcome, access);
  }
  if (outcome.kind === 'image' || outcome.kind === 'not-modified') return imageReply(deps, request, asked, outcome, readers);
  if (outcome.kind === 'refused') return problem(outcome, readers);
  return deniedImageReply(request, outcome.decision, readers);
}

/** An image that was made here. */
export function imageReply(
  deps: { readonly slashSubstitute: string | null; now(): Date },
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

function writeInformation({ limits }: ImageApiDeps, { item, description, telling }: ToldInformation, stated: StatedInformation) {
  const written = { profile: profileLink(stated.version), modified: item.source.modified };
  if (description === null || !telling.dimensions) return { document: sizelessDocument(stated), ...written };
  const { width, height, tile, levels, alpha, gray } = description;
  const rights = telling.label ? description.rights : null;
  const whole = { ...stated, width, height, tile, levels, alpha, gray, rights, limits: limitTier(limits, item.tier) };
  return { document: informationDocument(whole), ...written };
}

/** How long browsers and shared caches may keep what everybody may see. */
export const KEPT_SECONDS = 3600;

/** What the reader has already. */
export function conditions(request: Pick<HttpRequest, 'header'>) {
  return { ifNoneMatch: request.header('if-none-match'), ifModifiedSince: request.header('if-modified-since') };
}
