/**
 * A manifest for each image, so that viewers which start from manifests can open it.
 * https://iiif.io/api/presentation/3.0/
 */
import type { Visitor } from '../domain/visitor.ts';
import { type InformationDeps, serveInformation } from '../flows/serve-information.ts';
import { authUris } from '../iiif/auth/uris.ts';
import { parseIdentifier } from '../iiif/image/parse-path.ts';
import { imageServiceUri } from '../iiif/image/service-uri.ts';
import { manifestUri } from '../iiif/presentation/image-manifest.ts';
import { imageManifest2 } from '../iiif/presentation/image-manifest-2.ts';
import { imageManifest3 } from '../iiif/presentation/image-manifest-3.ts';
import { isRefusal, refuse } from '../lib/problems.ts';
import type { Handler, HttpRequest } from './exchange.ts';
import { json, problem } from './reply.ts';

export interface ManifestDeps extends InformationDeps {
  readonly slashSubstitute: string | null;
  recognise(request: HttpRequest, purpose: 'information'): Promise<Visitor>;
}

const BUILD = { 2: imageManifest2, 3: imageManifest3 } as const;
const MEDIA_TYPE = { 2: 'application/ld+json', 3: 'application/ld+json;profile="http://iiif.io/api/presentation/3/context.json"' } as const;

/** `/presentation/{version}/:identifier/manifest`. Who may not see the image yet gets it too: it leads to the access services. */
export function createManifest(version: 2 | 3, deps: ManifestDeps): Handler {
  return async (request) => {
    const identifier = parseIdentifier(request.params['identifier'] ?? '', { slashSubstitute: deps.slashSubstitute });
    if (isRefusal(identifier)) return problem(identifier);
    const outcome = await serveInformation(deps, identifier, () => deps.recognise(request, 'information'));
    if (outcome.kind === 'not-found') return problem(refuse('not-found', 'There is no image with this identifier.'));
    if (outcome.kind === 'refused') return problem(refuse('access.refused', 'This item is not open to anyone.'));

    const { description, services } = outcome;
    const service = (imageVersion: 2 | 3) => imageServiceUri(request.base, imageVersion, identifier, deps.slashSubstitute);
    const manifest = BUILD[version]({
      id: manifestUri(request.base, version, identifier, deps.slashSubstitute),
      identifier,
      label: { none: [identifier.split('/').at(-1) ?? identifier] },
      width: description.width,
      height: description.height,
      rights: description.rights,
      imageServices: { 2: service(2), 3: service(3) },
      accessServices: services,
      uris: authUris(request.base, deps.slashSubstitute),
      acceptLanguage: request.header('accept-language'),
    });
    return json(200, manifest, {
      'content-type': MEDIA_TYPE[version],
      'cache-control': services.length === 0 ? 'public, max-age=300' : 'private, no-cache',
      vary: 'Accept-Language',
    });
  };
}
