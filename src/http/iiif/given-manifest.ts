/**
 * Manifests and collections that somebody already has, each in the version in which it was written.
 * https://iiif.io/api/presentation/3.0/ and https://iiif.io/api/presentation/2.1/
 */
import type { Visitor } from '../../domain/visitor.ts';
import { type GivenManifestDeps, serveGivenManifest } from '../../flows/serve-given-manifest.ts';
import { authUris } from '../../iiif/auth/uris.ts';
import { parseIdentifier } from '../../iiif/image/parse-path.ts';
import { lockThings } from '../../iiif/presentation/given/lock-things.ts';
import { createFindThing } from '../../iiif/presentation/given/our-things.ts';
import { givenManifestUri } from '../../iiif/presentation/manifest.ts';
import { isRefusal, refuse } from '../../lib/problems.ts';
import type { Handler, HttpRequest } from '../server/exchange.ts';
import { problem } from '../server/reply.ts';
import { presentationReply } from './presentation-reply.ts';

export interface GivenManifestHandlerDeps extends GivenManifestDeps {
  readonly slashSubstitute: string | null;
  recognise(request: HttpRequest, purpose: 'information'): Promise<Visitor>;
  /** Short text of a document, for its ETag. */
  digest(text: string): string;
}

const NO_MANIFEST = refuse('not-found', 'There is no manifest and no collection with this name.');

/** `/presentation/manifests/:name`. */
export function createGivenManifest(deps: GivenManifestHandlerDeps): Handler {
  const { slashSubstitute } = deps;
  return async (request) => {
    const name = parseIdentifier(request.params['name'] ?? '', { slashSubstitute });
    if (isRefusal(name)) return problem(name);
    const { base } = request;
    const find = createFindThing(base, slashSubstitute);
    const visitor = await deps.recognise(request, 'information');
    const place = { id: givenManifestUri(base, name, slashSubstitute), base, find };
    const outcome = await serveGivenManifest(deps, name, place, visitor);
    if (outcome.kind === 'not-found') return problem(NO_MANIFEST);
    const { version } = outcome.stored;
    const document = lockThings(outcome.document, {
      version,
      find,
      servicesOf: (identifier) => outcome.services.get(identifier) ?? [],
      base,
      uris: authUris(base, slashSubstitute),
      acceptLanguage: request.header('accept-language'),
    });
    return presentationReply(deps, request, version, document, { visitor, open: outcome.open, until: outcome.until, modified: null });
  };
}
