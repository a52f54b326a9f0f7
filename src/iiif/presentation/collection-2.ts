/**
 * A collection, Presentation API 2.1.
 * https://iiif.io/api/presentation/2.1/#collection
 */
import { type CollectionInput, type CollectionMember, THUMBNAIL_REQUEST } from './collection.ts';
import { descriptive2, propertyValue } from './descriptive-2.ts';
import { PRESENTATION_CONTEXTS } from './manifest-media-type.ts';

/** `collections` and `manifests`: viewers of the older generation read these, and not all of them `members`. */
export function collection2(input: CollectionInput): object {
  const { id, partOf, members } = input;
  const ofKind = (wanted: CollectionMember['kind']) => members.filter(({ kind }) => kind === wanted).map(reference);
  const collections = ofKind('collection');
  const manifests = ofKind('manifest');
  return {
    '@context': PRESENTATION_CONTEXTS[2],
    '@id': id,
    '@type': 'sc:Collection',
    ...descriptive2(input),
    ...(partOf === null ? {} : { within: { '@id': partOf.id, '@type': 'sc:Collection', label: propertyValue(partOf.label) } }),
    ...(collections.length === 0 ? {} : { collections }),
    ...(manifests.length === 0 ? {} : { manifests }),
  };
}

function reference({ kind, id, label, thumbnail }: CollectionMember): object {
  const service = thumbnail?.[2];
  const image = {
    '@id': `${service}/${THUMBNAIL_REQUEST}`,
    '@type': 'dctypes:Image',
    format: 'image/jpeg',
    service: { '@context': 'http://iiif.io/api/image/2/context.json', '@id': service, profile: 'http://iiif.io/api/image/2/level2.json' },
  };
  return {
    '@id': id,
    '@type': kind === 'manifest' ? 'sc:Manifest' : 'sc:Collection',
    label: propertyValue(label),
    ...(service === undefined ? {} : { thumbnail: image }),
  };
}
