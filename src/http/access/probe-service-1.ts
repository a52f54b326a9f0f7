/**
 * The probe service that Universal Viewer knows, for content that no information document describes. It answers with the
 * status of the content itself, and says where the content is.
 * https://iiif.io/api/auth/1.0/#interaction-with-access-controlled-resources
 */
import { findItem } from '../../flows/find-item.ts';
import { serveMedia } from '../../flows/serve-media.ts';
import { probeAnswer1 } from '../../iiif/auth/probe-1.ts';
import { parseIdentifier } from '../../iiif/image/parse-path.ts';
import { isRefusal } from '../../lib/problems.ts';
import { type MediaHandlerDeps, NO_FILE, refusalOf, sentOnTo } from '../media/media.ts';
import { itemFileUri } from '../media/media-uri.ts';
import { closedToOthers } from '../server/cors.ts';
import type { Handler } from '../server/exchange.ts';
import { json, problem } from '../server/reply.ts';
import { VARY_STORAGE_ACCESS } from '../server/storage-access.ts';

/** `/auth/probe/1/:identifier`: by token, or by the access cookie, as for documents. */
export function createProbeService1(deps: MediaHandlerDeps): Handler {
  return async (request) => {
    const identifier = parseIdentifier(request.params['identifier'] ?? '', deps);
    if (isRefusal(identifier)) return problem(identifier);
    const visitor = await deps.recognise(request, 'information');
    const item = await findItem(deps.items, deps.access(), identifier);
    const outcome = await serveMedia(deps, identifier, async () => visitor);
    if (item === null || outcome.kind === 'not-found') return problem(NO_FILE);
    const lesser = outcome.kind === 'denied' ? sentOnTo(deps, outcome) : null;
    const answer = probeAnswer1(itemFileUri(request.base, lesser ?? item, deps.slashSubstitute));
    const headers = {
      'cache-control': 'no-store',
      vary: `Authorization, Cookie, ${VARY_STORAGE_ACCESS}`,
      ...closedToOthers(visitor, request.header('origin')),
    };
    if (outcome.kind !== 'denied' || lesser !== null) return json(200, answer, headers);
    return problem(refusalOf(outcome), headers, answer);
  };
}
