import type { Item } from '../../../domain/item.ts';
import type { ImagingOptions } from '../imaging-options.ts';
import type { TileCoding } from './encode-tiles.ts';

/** One pyramid to make, as it is sent to the process that makes it. */
export interface PyramidTask {
  readonly item: Item;
  readonly options: ImagingOptions;
  readonly coding: TileCoding;
  /** Where it shall be. */
  readonly file: string;
  /** The folder of all pyramids, or of this one; on the same disk. */
  readonly within: string;
  /** In that, for what is unfinished. */
  readonly folder: string;
  /** Of the folder of all pyramids; null where it goes somewhere else. */
  readonly bound: PyramidBound | null;
  /** Whether one is made of any source that can have one, also where the server would not read it. */
  readonly always: boolean;
  /** Whether it takes only the time that nothing else wants. */
  readonly inLeftTime: boolean;
}

/** What all pyramids in the folder may take together. To make room, those go that were not used since a time, in milliseconds. */
export interface PyramidBound {
  readonly maxBytes: number;
  readonly unusedSince: number;
}

export type PyramidOutcome =
  | { readonly kind: 'made'; readonly pixels: number }
  /** The source is as good as a pyramid, or none can be made of it. */
  | { readonly kind: 'needless' }
  /** There is no room within the bound. */
  | { readonly kind: 'full' }
  | { readonly kind: 'failed'; readonly why: string };

export type PyramidAnswer = PyramidOutcome | { readonly kind: 'progress'; readonly share: number };
