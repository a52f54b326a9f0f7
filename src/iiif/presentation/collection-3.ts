/**
 * A collection, Presentation API 3.0.
 * https://iiif.io/api/presentation/3.0/#51-collection
 */
import { type CollectionInput, type CollectionMember, THUMBNAIL_REQUEST } from './collection.ts';
import { descriptive3 } from './descriptive-3.ts';
import { PRESENTATION_CONTEXTS } from './manifest-media-type.ts';

export function collection3(input: CollectionInput): object {
  const { id, partOf, members } = input;
  return {
    '@context': PRESENTATION_CONTEXTS[3],
    id,
    type: 'Collection',
    ...descriptive3(input),
    ...(partOf === null ? {} : { partOf: [{ id: partOf.id, type: 'Collection', label: partOf.label }] }),
    items: members.map(reference),
  };
}

function reference({ kind, id, label, thumbnail }: CollectionMember): object {
  const service = thumbnail?.[3];
  const image = {
    id: `${service}/${THUMBNAIL_REQUEST}`,
    type: 'Image',
    format: 'image/jpeg',
    service: [{ id: service, type: 'ImageService3', profile: 'level2' }],
  };
  return { id, type: kind === 'manifest' ? 'Manifest' : 'Collection', label, ...(service === undefined ? {} : { thumbnail: [image] }) };
}
