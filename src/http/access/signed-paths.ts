/**
 * Content without cookies, for viewers at origins that may have it: addresses below `/signed/…/`, which stand for one item,
 * one session and one origin, and are judged like any other request. Authorization Flow 2.0 names them as `location`;
 * in 1.0 the information document that a token opens has such an address as its id.
 * https://iiif.io/api/auth/2.0/#location
 */
import type { Visitor } from '../../domain/visitor.ts';
import { type RecogniseSignedPathDeps, recogniseSignedPath } from '../../flows/recognise-signed-path.ts';
import { findStream } from '../../flows/serve-media.ts';
import { type SignedItem, type SignPathDeps, signPath } from '../../flows/sign-path.ts';
import { parseIdentifier } from '../../iiif/image/parse-path.ts';
import type { ImageApiVersion } from '../../iiif/image/request.ts';
import { isRefusal, type Refusal, refuse } from '../../lib/problems.ts';
import { createImageApi, type ImageApiDeps } from '../iiif/image-api.ts';
import { createMedia, createStream, type MediaHandlerDeps, parseStreamPath } from '../media/media.ts';
import { openToOne } from '../server/cors.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { problem } from '../server/reply.ts';

export interface SignedPaths {
  /** What the item's URIs begin with for this visitor; null where cookies are to do. */
  baseFor(request: HttpRequest, visitor: Visitor, item: SignedItem): string | null;
  /** Whose path the request came by. */
  recognise(request: HttpRequest, identifier: string): Promise<Visitor | null>;
}

export function createSignedPaths(deps: SignPathDeps & RecogniseSignedPathDeps): SignedPaths {
  return {
    baseFor(request, visitor, item) {
      const capability = signPath(deps, visitor, request.header('origin'), item);
      return capability === null ? null : baseOf(request, capability);
    },
    recognise: (request, identifier) =>
      recogniseSignedPath(deps, {
        capability: capabilityOf(request),
        identifier,
        origin: request.header('origin'),
        address: request.address,
      }),
  };
}

export interface SignedHandlers {
  readonly signedImage2: Handler;
  readonly signedImage3: Handler;
  readonly signedMedia: Handler;
  readonly signedStream: Handler;
}

/** The handlers of the same content, for the one visitor and the one item of the path. */
export function createSignedHandlers(paths: SignedPaths, imageApi: ImageApiDeps, media: MediaHandlerDeps): SignedHandlers {
  return {
    ...createSignedImages(paths, imageApi, (version, recognise) => createImageApi(version, { ...imageApi, recognise })),
    signedMedia: behindSignature(
      paths,
      async (request) => parseIdentifier(request.params['identifier'] ?? '', media),
      (recognise) => createMedia({ ...media, recognise }),
    ),
    signedStream: behindSignature(
      paths,
      (request) => identifyStream(media, request),
      (recognise) => createStream({ ...media, recognise }),
    ),
  };
}

/** Those of images alone. `handlerFor`: what answers whoever is recognised so. */
export function createSignedImages(
  paths: SignedPaths,
  options: { readonly slashSubstitute: string | null },
  handlerFor: (version: ImageApiVersion, recognise: Recognise) => Handler,
): Pick<SignedHandlers, 'signedImage2' | 'signedImage3'> {
  const image = (version: ImageApiVersion) =>
    behindSignature(
      paths,
      async (request) => parseIdentifier(request.params['rest']?.split('/')[0] ?? '', options),
      (recognise) => handlerFor(version, recognise),
    );
  return { signedImage2: image(2), signedImage3: image(3) };
}

/** A segment is had by the path of its playlist: the item that it was signed for. */
async function identifyStream(media: MediaHandlerDeps, request: HttpRequest): Promise<string | Refusal> {
  const path = parseStreamPath(request);
  return (path === null ? null : await findStream(media, path)) ?? NOT_SIGNED;
}

const NOT_SIGNED = refuse(
  'access.needed',
  'This address has ended, or it is not for this item, this viewer or this reader. Open the item in the viewer once more.',
);
const NO_COOKIES: ReadonlyMap<string, string> = new Map();

type Recognise = () => Promise<Visitor>;

function behindSignature(
  paths: SignedPaths,
  identify: (request: HttpRequest) => Promise<string | Refusal>,
  handlerFor: (recognise: Recognise) => Handler,
): Handler {
  return async (request) => {
    const identifier = await identify(request);
    if (isRefusal(identifier)) return refused(identifier);
    const visitor = await paths.recognise(request, identifier);
    if (visitor === null) return refused(NOT_SIGNED);
    const base = baseOf(request, capabilityOf(request));
    return forOneReader(await handlerFor(async () => visitor)({ ...request, base, cookies: NO_COOKIES }), visitor);
  };
}

/** Nobody else's cache keeps it, no other page reads it, and no link on it tells where it was. */
function forOneReader(reply: Reply, visitor: Visitor): Reply {
  const [origin = ''] = visitor.origins;
  const cacheControl = reply.headers['cache-control'] === 'no-store' ? 'no-store' : 'private, no-cache';
  const headers = { ...reply.headers, ...openToOne(origin), 'cache-control': cacheControl, 'referrer-policy': 'no-referrer' };
  return { ...reply, headers };
}

function refused(refusal: Refusal): Reply {
  const challenge = refusal === NOT_SIGNED ? { 'www-authenticate': 'Cookie realm="IIIF"' } : {};
  return problem(refusal, { ...challenge, 'referrer-policy': 'no-referrer' });
}

function capabilityOf(request: HttpRequest): string {
  return request.params['capability'] ?? '';
}

function baseOf(request: HttpRequest, capability: string): string {
  return `${request.base}/signed/${capability}`;
}
