/**
 * A manifest for each image file, with a canvas for each of its pages, so that viewers which start from manifests can open it.
 * https://iiif.io/api/presentation/3.0/
 */
import type { Visitor } from '../domain/visitor.ts';
import { type DescribedPage, describePages } from '../flows/describe-pages.ts';
import { type InformationDeps, serveInformation } from '../flows/serve-information.ts';
import { authUris } from '../iiif/auth/uris.ts';
import { parseIdentifier } from '../iiif/image/parse-path.ts';
import { effectiveLimits, type ImageLimits } from '../iiif/image/plan.ts';
import { largestUnscaled } from '../iiif/image/plan-size.ts';
import { imageServiceUri } from '../iiif/image/service-uri.ts';
import { type ManifestPage, manifestUri } from '../iiif/presentation/image-manifest.ts';
import { imageManifest2 } from '../iiif/presentation/image-manifest-2.ts';
import { imageManifest3 } from '../iiif/presentation/image-manifest-3.ts';
import { manifestMediaType } from '../iiif/presentation/manifest-media-type.ts';
import { isRefusal, refuse } from '../lib/problems.ts';
import { documentReply } from './document-reply.ts';
import type { Handler, HttpRequest } from './exchange.ts';
import { pictureTitle } from './picture-title.ts';
import { problem } from './reply.ts';

export interface ManifestDeps extends InformationDeps {
  readonly slashSubstitute: string | null;
  /** What a picture is called, by its path; null where only its file name is known. */
  titleOf(path: string): string | null;
  recognise(request: HttpRequest, purpose: 'information'): Promise<Visitor>;
  readonly limits: ImageLimits;
  /** Short text of a document, for its ETag. */
  digest(text: string): string;
}

const BUILD = { 2: imageManifest2, 3: imageManifest3 } as const;

/** `/presentation/{version}/:identifier/manifest`. Who may not see the image yet gets it too: it leads to the access services. */
export function createManifest(version: 2 | 3, deps: ManifestDeps): Handler {
  return async (request) => {
    const identifier = parseIdentifier(request.params['identifier'] ?? '', { slashSubstitute: deps.slashSubstitute });
    if (isRefusal(identifier)) return problem(identifier);
    const outcome = await serveInformation(deps, identifier, () => deps.recognise(request, 'information'));
    if (outcome.kind === 'not-found') return problem(refuse('not-found', 'There is no image with this identifier.'));
    if (outcome.kind === 'refused') return problem(refuse('access.refused', 'This item is not open to anyone.'));

    const { item, description, services } = outcome;
    const label = { none: [pictureTitle(item, deps.titleOf)] };
    const [first, ...rest] = await describePages(deps.images, item, description);
    const page = (described: DescribedPage): ManifestPage => ({
      ...pageParts(described, request, deps),
      label: rest.length === 0 ? label : { none: [String(described.item.page)] },
    });
    const manifest = BUILD[version]({
      id: manifestUri(request.base, version, identifier, deps.slashSubstitute),
      label,
      rights: description.rights,
      pages: [page(first), ...rest.map(page)],
      accessServices: services,
      uris: authUris(request.base, deps.slashSubstitute),
      acceptLanguage: request.header('accept-language'),
    });
    const document = {
      body: `${JSON.stringify(manifest, null, 2)}\n`,
      mediaType: manifestMediaType(version, request.header('accept')),
      modified: item.source.modified,
      open: services.length === 0,
      // The texts of access services are in the reader's language.
      headers: { vary: services.length > 0 ? 'Accept, Accept-Language' : 'Accept' },
    };
    return documentReply(request, document, deps.digest);
  };
}

function pageParts({ item, description }: DescribedPage, request: HttpRequest, deps: ManifestDeps): Omit<ManifestPage, 'label'> {
  const { identifier } = item;
  const { width, height } = description;
  const largest = largestUnscaled({ width, height }, effectiveLimits(deps.limits, { width, height }));
  const service = (version: 2 | 3) => imageServiceUri(request.base, version, identifier, deps.slashSubstitute);
  return { identifier, width, height, largest, imageServices: { 2: service(2), 3: service(3) } };
}
