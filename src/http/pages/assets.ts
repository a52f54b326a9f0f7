import { refuse } from '../../lib/problems.ts';
import type { StaticFiles } from '../../lib/static-files.ts';
import { acceptedCodings } from '../server/accept-encoding.ts';
import { isFresh } from '../server/conditional.ts';
import type { Handler } from '../server/exchange.ts';
import { problem } from '../server/reply.ts';

/** A drawing that is opened by itself runs nothing and loads nothing. */
const ASSET_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
/** Their URLs name no version, so a new one must be seen within a day. */
const VENDORED_SECONDS = 24 * 60 * 60;

/** `/assets/*name`. The name is looked up as it was sent: none of ours needs percent-encoding. */
export function createAssets(files: StaticFiles): Handler {
  return async (request) => {
    const file = await files.find(request.params['name'] ?? '', acceptedCodings(request.header('accept-encoding')));
    if (file === null) return problem(refuse('not-found', 'There is no such file.'));
    const headers = {
      'content-type': file.contentType,
      etag: file.etag,
      ...(file.coding === null ? {} : { 'content-encoding': file.coding }),
      ...(file.varies ? { vary: 'Accept-Encoding' } : {}),
      // Our own files are asked for again each time (and mostly answered with 304), so that pages and scripts match after an upgrade.
      'cache-control': file.vendored ? `public, max-age=${VENDORED_SECONDS}` : 'public, no-cache',
      'content-security-policy': ASSET_POLICY,
      // Manifests show them where there is no picture, and viewers on other sites read those.
      ...(file.contentType === 'image/svg+xml'
        ? { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' }
        : {}),
    };
    const asked = { ifNoneMatch: request.header('if-none-match'), ifModifiedSince: null };
    if (isFresh(asked, file.etag, null)) return { status: 304, headers, body: null };
    return { status: 200, headers, body: file.bytes };
  };
}
