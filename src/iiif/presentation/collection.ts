/** What a collection is made from, whichever version of the Presentation API it is in. */
import type { LanguageMap } from '../../lib/language-map.ts';
import type { Descriptive, PartOf } from './manifest.ts';

export interface CollectionInput extends Descriptive {
  /** Of the collection: `collectionUri`. */
  readonly id: string;
  /** The collection that holds this one; null at the root. */
  readonly partOf: PartOf | null;
  readonly members: readonly CollectionMember[];
}

/** A manifest or a collection, by reference. */
export interface CollectionMember {
  readonly kind: 'manifest' | 'collection';
  readonly id: string;
  readonly label: LanguageMap;
  /** Image services of a picture in it that everybody may see; null where there is none, or nobody has looked. */
  readonly thumbnail: { readonly 2: string; readonly 3: string } | null;
}

/** Answered whatever the shape of the picture, and never larger than it. */
export const THUMBNAIL_REQUEST = 'full/!400,400/0/default.jpg';
