import type { AccessModel } from '../../domain/access.ts';
import { decide } from '../../domain/decide.ts';
import type { LabCase, LabItem } from '../../domain/lab-case.ts';
import { findMediaType, type ItemKind } from '../../domain/media-types.ts';
import { parseTierIdentifier } from '../../domain/tier.ts';
import { nobody } from '../../domain/visitor.ts';
import { inProfileOrder } from '../../iiif/auth/item-services.ts';
import { cookieService1 } from '../../iiif/auth/services-1.ts';
import { authUris } from '../../iiif/auth/uris.ts';
import { imageServiceUri } from '../../iiif/image/service-uri.ts';
import { isStream } from '../media/media-facts.ts';
import { mediaUri } from '../media/media-uri.ts';
import type { DocumentPlace } from './lab-documents.ts';

/** As such clients know them; not all of these are types of Presentation API 3.0. */
const TYPES: Readonly<Record<Exclude<ItemKind, 'image'>, string>> = {
  film: 'Video',
  sound: 'Audio',
  document: 'Text',
  model: 'PhysicalObject',
  text: 'Text',
};

interface SourcesPlace extends DocumentPlace {
  /** Language ranges, the preferred one first: labels of 1.0 have one language each. */
  readonly preferences: readonly string[];
  readonly now: Date;
}

/**
 * `/index.json`: what clients that test Authentication 1.0 take as a list of sources. Of a picture the id is that of its
 * image service; a file brings its services along, because it has no information document.
 */
export function listSources(cases: readonly LabCase[], access: AccessModel, place: SourcesPlace): readonly object[] {
  return cases.flatMap(({ title, items }) =>
    items
      .filter(({ path }) => parseTierIdentifier(path).tier === null)
      .map((item) => sourceOf(`${title}: ${item.label}`, item, access, place)),
  );
}

function sourceOf(
  label: string,
  { path }: LabItem,
  access: AccessModel,
  { base, slashSubstitute, preferences, now }: SourcesPlace,
): object {
  const type = findMediaType(path);
  if (type === null || type.kind === 'image') return { id: imageServiceUri(base, 2, path, slashSubstitute), label, type: 'ImageService2' };
  const decision = decide(access, path, nobody(''), now);
  const services = decision.outcome === 'access-needed' ? inProfileOrder(decision.services) : [];
  return {
    id: mediaUri(base, { identifier: path, isStream: isStream(path) }, slashSubstitute),
    label,
    type: TYPES[type.kind],
    format: type.mediaType,
    service: services.map((service) => cookieService1(service, authUris(base, slashSubstitute), preferences)),
  };
}
