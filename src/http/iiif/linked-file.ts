import type { Item } from '../../domain/item.ts';
import type { ItemKind } from '../../domain/media-types.ts';
import type { ServiceSource } from '../../iiif/auth/service-description.ts';
import type { Drawing, LinkedFile } from '../../iiif/presentation/manifest.ts';
import type { LanguageMap } from '../../lib/language-map.ts';
import { itemFileUri } from '../media/media-uri.ts';

type MediaKind = Exclude<ItemKind, 'image'>;

/** https://iiif.io/api/presentation/3.0/#type */
const TYPES: Readonly<Record<MediaKind, LinkedFile['type']>> = {
  film: 'Video',
  sound: 'Sound',
  document: 'Text',
  model: 'Model',
  text: 'Text',
};

const DATA: ReadonlySet<string> = new Set(['application/json', 'application/xml']);

/** Of the content of such a file. */
export function typeOf(kind: MediaKind, mediaType: string): LinkedFile['type'] {
  return DATA.has(mediaType) ? 'Dataset' : TYPES[kind];
}

/** A file that is no image, as manifests link to it. */
export function linkedFile(
  item: Item,
  kind: MediaKind,
  about: { readonly label: LanguageMap; readonly services: readonly ServiceSource[] },
  place: { readonly base: string; readonly slashSubstitute: string | null },
): LinkedFile {
  const { identifier, mediaType } = item;
  return {
    uri: itemFileUri(place.base, item, place.slashSubstitute),
    type: typeOf(kind, mediaType),
    label: about.label,
    format: mediaType,
    identifier,
    accessServices: about.services,
  };
}

/** Twice as large as it is drawn: no canvas should have a longest side below 1,200. https://iiif.io/api/presentation/2.1/#canvas */
export function drawingOf(kind: MediaKind, base: string): Drawing {
  return { uri: `${base}/assets/${kind}.svg`, width: 1200, height: 900 };
}
