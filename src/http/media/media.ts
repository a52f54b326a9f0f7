/**
 * The files of items that are no images, whole or in parts, and the files of streams.
 * https://www.rfc-editor.org/rfc/rfc9110#section-14 (ranges) and #section-13 (conditional requests)
 * https://iiif.io/api/auth/2.0/#probe-service and https://iiif.io/api/auth/1.0/#interaction-with-access-controlled-resources
 */
import type { Decision } from '../../domain/access.ts';
import type { Item } from '../../domain/item.ts';
import type { MediaFiles } from '../../domain/ports.ts';
import type { Visitor } from '../../domain/visitor.ts';
import { type MediaDeps, type MediaFile, type MediaOutcome, serveMedia, serveStreamPart } from '../../flows/serve-media.ts';
import { parseIdentifier } from '../../iiif/image/parse-path.ts';
import { isRefusal, type Refusal, refuse } from '../../lib/problems.ts';
import { closedItem } from '../iiif/closed-item.ts';
import { cacheControl } from '../server/cache-control.ts';
import { isFresh, isMeant, mayContinue } from '../server/conditional.ts';
import { closedToOthers } from '../server/cors.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { parseRange } from '../server/range.ts';
import { problem } from '../server/reply.ts';
import { activateStorageAccess, VARY_STORAGE_ACCESS } from '../server/storage-access.ts';
import { mediaFileHeaders } from './media-headers.ts';
import { itemFileUri } from './media-uri.ts';

export interface MediaHandlerDeps extends MediaDeps {
  /** Of locked descriptions. With 200 nobody is sent to a tier: the probe names it. */
  readonly lockedInformationStatus: 401 | 200;
  readonly files: Pick<MediaFiles, 'read'>;
  readonly slashSubstitute: string | null;
  recognise(request: HttpRequest, purpose: 'content' | 'information'): Promise<Visitor>;
}

type Serve = (visitor: () => Promise<Visitor>) => Promise<MediaOutcome>;

/** `/media/:identifier`. */
export function createMedia(deps: MediaHandlerDeps): Handler {
  return async (request) => {
    const identifier = parseIdentifier(request.params['identifier'] ?? '', deps);
    if (isRefusal(identifier)) return problem(identifier);
    return answer(deps, request, (visitor) => serveMedia(deps, identifier, visitor));
  };
}

/** `/media/stream/*path`: with slashes as they are, so that what a playlist names is found beside it. */
export function createStream(deps: MediaHandlerDeps): Handler {
  return async (request) => {
    const path = parseStreamPath(request);
    if (path === null) return problem(NO_FILE);
    return answer(deps, request, (visitor) => serveStreamPart(deps, path, visitor));
  };
}

/** The parameter `path`, decoded; null for what names no file. */
export function parseStreamPath(request: HttpRequest): string | null {
  const names = (request.params['path'] ?? '').split('/').map((name) => parseIdentifier(name, { slashSubstitute: null }));
  // An encoded slash within a name would be a second spelling of the same path.
  return names.every((name) => typeof name === 'string' && !name.includes('/')) ? names.join('/') : null;
}

export const NO_FILE = refuse('not-found', 'There is no sound, film, document, model or text with this identifier.');
const LOCKED = refuse('access.needed', 'This file needs access. A viewer can take you there: the manifest and the probe service say how.');

async function answer(deps: MediaHandlerDeps, request: HttpRequest, serve: Serve): Promise<Reply> {
  const visitor = await deps.recognise(request, purposeOf(request));
  const outcome = await serve(async () => visitor);
  if (outcome.kind === 'not-found') return problem(NO_FILE);
  const readers = closedToOthers(visitor, request.header('origin'));
  // By a signed path there is the item or nothing: what stands for it has an address of its own.
  if (outcome.kind === 'denied') return denied(deps, request, visitor.by === 'signed-path' ? { ...outcome, tier: null } : outcome, readers);
  if (outcome.kind === 'stream') return toStream(deps, request, outcome.item, readers);
  // HEAD asks whether there is something to give, and may bring a token.
  if (request.method === 'GET') outcome.noteView();
  return fileReply(deps, request, outcome, outcome.open ? {} : readers);
}

/** A token never opens content. HEAD brings none, and viewers of 1.0 ask it with their token whether the cookie will do. */
function purposeOf({ method }: HttpRequest): 'content' | 'information' {
  return method === 'HEAD' ? 'information' : 'content';
}

type Headers = Readonly<Record<string, string>>;
type Denied = Extract<MediaOutcome, { kind: 'denied' }>;

export function refusalOf({ decision }: Denied): Refusal {
  return decision.outcome === 'refused' ? closedItem(decision, 'file') : LOCKED;
}

/** The lower tier that stands for a file; null where viewers are to ask the probe service of 2.0 for it. */
export function sentOnTo(deps: Pick<MediaHandlerDeps, 'lockedInformationStatus'>, { decision, tier }: Denied): Item | null {
  return deps.lockedInformationStatus === 401 || decision.outcome === 'refused' ? tier : null;
}

/**
 * A file has no document that describes it, so for viewers of 1.0 it is its own: who lacks access is sent to the lower
 * tier. https://iiif.io/api/auth/1.0/#tiered-access
 */
function denied(deps: MediaHandlerDeps, request: HttpRequest, outcome: Denied, readers: Headers): Reply {
  const { decision } = outcome;
  const tier = sentOnTo(deps, outcome);
  if (tier === null) return problem(refusalOf(outcome), denial(request, decision, readers));
  const asks = decision.outcome === 'access-needed' ? activateStorageAccess(request) : {};
  const vary = `Authorization, Cookie, ${VARY_STORAGE_ACCESS}`;
  const location = itemFileUri(request.base, tier, deps.slashSubstitute);
  return { status: 302, headers: { location, 'cache-control': 'no-store', vary, ...readers, ...asks }, body: null };
}

/** RFC 9110 §11.6.1 wants a challenge with 401; browsers ignore this scheme, so that no dialog opens. */
function denial(request: HttpRequest, decision: Decision, readers: Headers): Headers {
  if (decision.outcome !== 'access-needed') return readers;
  return { ...readers, 'www-authenticate': 'Cookie realm="IIIF"', ...activateStorageAccess(request), vary: VARY_STORAGE_ACCESS };
}

function toStream(deps: MediaHandlerDeps, request: HttpRequest, item: Item, readers: Headers): Reply {
  const location = itemFileUri(request.base, item, deps.slashSubstitute);
  return { status: 302, headers: { location, 'cache-control': 'no-store', ...readers }, body: null };
}

const KEPT_SECONDS = 3600;

/** In the order of RFC 9110 §13.2.2, and all of it after the decision. */
function fileReply(deps: MediaHandlerDeps, request: HttpRequest, file: MediaFile, readers: Headers): Reply {
  const { source } = file;
  const etag = `"${source.version}"`;
  const header = (name: string) => request.header(name);
  const headers = {
    etag,
    'last-modified': source.modified.toUTCString(),
    'cache-control': cacheControl(file, KEPT_SECONDS, deps.now()),
    'accept-ranges': 'bytes',
    ...readers,
  };
  const meant = { ifMatch: header('if-match'), ifUnmodifiedSince: header('if-unmodified-since') };
  if (!isMeant(meant, etag, source.modified)) return problem(refuse('request.precondition', 'The file has changed.'), readers);
  const kept = { ifNoneMatch: header('if-none-match'), ifModifiedSince: header('if-modified-since') };
  if (isFresh(kept, etag, source.modified)) return { status: 304, headers, body: null };

  const range = isRangeAsked(deps, request, file, etag) ? parseRange(header('range'), source.bytes) : null;
  if (range === 'unsatisfiable') {
    const sentence = `The file has ${source.bytes} bytes, and none of those that were asked for.`;
    return problem(refuse('request.range', sentence), { ...readers, 'content-range': `bytes */${source.bytes}` });
  }
  const { start, length } = range ?? { start: 0, length: source.bytes };
  const body = { bytes: length, chunks: () => deps.files.read(source, start, length) };
  const described = { ...headers, ...mediaFileHeaders(file) };
  if (range === null) return { status: 200, headers: described, body };
  return { status: 206, headers: { ...described, 'content-range': `bytes ${start}-${start + length - 1}/${source.bytes}` }, body };
}

/** Ranges are for GET alone (§14.2). */
function isRangeAsked(deps: MediaHandlerDeps, request: HttpRequest, { source }: MediaFile, etag: string): boolean {
  return request.method === 'GET' && mayContinue(request.header('if-range'), etag, source.modified, deps.now());
}
