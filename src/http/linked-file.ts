import type { Item } from '../domain/item.ts';
import type { ItemKind } from '../domain/media-types.ts';
import type { ServiceSource } from '../iiif/auth/service-description.ts';
import type { Drawing, LinkedFile } from '../iiif/presentation/manifest.ts';
import type { LanguageMap } from '../lib/language-map.ts';
import { isStream } from './media-facts.ts';
import { mediaUri } from './media-uri.ts';

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

/** A file that is no image, as manifests link to it. */
export function linkedFile(
  { identifier, path, mediaType }: Item,
  kind: MediaKind,
  about: { readonly label: LanguageMap; readonly services: readonly ServiceSource[] },
  place: { readonly base: string; readonly slashSubstitute: string | null },
): LinkedFile {
  return {
    uri: mediaUri(place.base, { identifier, isStream: isStream(path) }, place.slashSubstitute),
    type: DATA.has(mediaType) ? 'Dataset' : TYPES[kind],
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
