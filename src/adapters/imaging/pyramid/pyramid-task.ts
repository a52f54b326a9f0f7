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
  /** Where what is unfinished stands, on the same disk. */
  readonly within: string;
  /** What all pyramids in that folder may take together; null where there is no bound. */
  readonly maxBytes: number | null;
  /** Null where nobody waits for an answer of this server meanwhile; else how many may be made at once by all processes that use `within`. */
  readonly background: { readonly atOnce: number } | null;
}

export type PyramidAnswer =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'made'; readonly pixels: number }
  | { readonly kind: 'failed'; readonly why: string };
