import { openAccess } from '../../domain/access.ts';
import { nobody } from '../../domain/visitor.ts';
import { serveImage } from '../../flows/serve-image.ts';
import type { ImageRequest } from '../../iiif/image/request.ts';
import { refuse } from '../../lib/problems.ts';
import type { ImageApiDeps } from '../iiif/image-api.ts';
import { isFresh } from '../server/conditional.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { problem } from '../server/reply.ts';
import type { AdminDeps } from './admin-deps.ts';
import { adminPage } from './guard.ts';

/** Pixels; twice what a list shows, for fine screens. */
const SMALL = { width: 192, height: 144 };

/** `/admin/items/thumbnail?path=`: for administrators alone. No other size, and nothing that anybody else may keep. */
export function createItemThumbnail(deps: AdminDeps): Handler {
  return adminPage(deps, (request) => deps.content.thumbnail(request, request.query.get('path') ?? ''));
}

/** One small picture of any item, made here, whatever the policies say. */
export async function answerThumbnail(imageApi: ImageApiDeps, request: HttpRequest, identifier: string): Promise<Reply> {
  const outcome = await serveImage(
    { ...imageApi, access: openAccess, visits: UNSEEN },
    {
      request: smallOf(identifier),
      visitor: async () => nobody(request.address),
      isFresh: (etag, modified) => isFresh({ ifNoneMatch: request.header('if-none-match'), ifModifiedSince: null }, etag, modified),
      signal: request.signal,
    },
  );
  if (outcome.kind === 'refused') return problem(outcome);
  if (outcome.kind !== 'image' && outcome.kind !== 'not-modified') return problem(refuse('not-found', 'There is no such picture.'));
  const headers = { etag: outcome.etag, 'cache-control': 'private, no-cache' };
  if (outcome.kind === 'not-modified') return { status: 304, headers, body: null };
  return { status: 200, headers: { 'content-type': 'image/jpeg', ...headers }, body: outcome.bytes };
}

const UNSEEN = { given: () => {}, refused: () => {}, turnedAway: () => {} };

function smallOf(identifier: string): ImageRequest {
  const whole = { region: { kind: 'full' }, rotation: { mirrored: false, degrees: 0 }, quality: 'default', format: 'jpg' } as const;
  return { version: 3, identifier, ...whole, size: { kind: 'confined', ...SMALL, upscale: false } };
}
