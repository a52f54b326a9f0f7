import type { ImageApiVersion, ImageRequest } from '../iiif/image/request.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Refusal } from '../lib/problems.ts';
import type { Item, SourceDescription } from './item.ts';
import type { ItemSource } from './ports.ts';

/** Image servers that somebody already has. */
export interface Upstreams {
  /** Every identifier below a prefix is an item: whether the upstream has it shows when it is asked, which is after the decision. */
  readonly items: ItemSource;
  /** Which version of the Image API an item has: that of its upstream. */
  versionOf(item: Pick<Item, 'path'>): ImageApiVersion;
  /**
   * The upstream's own information document, remembered for seconds. Rejects with `Failure`: `not-found`, and
   * `upstream.broken`, `upstream.unreachable`, `upstream.slow` where it does not answer as it should.
   */
  readInformation(item: Item): Promise<UpstreamInformation>;
  /** Path and query at its upstream of an image request in our spelling; of the information document without a request. */
  addressOf(item: Item, request: ImageRequest | null): string;
  /** Pixels, in the order in which the upstream sends them. Rejects with `Failure` like `readInformation`. */
  askImage(item: Item, ask: UpstreamAsk): Promise<UpstreamAnswer>;
}

export interface UpstreamInformation {
  /** As it was sent; of the upstream's version, with dimensions that are numbers. */
  readonly document: JsonObject;
  readonly description: SourceDescription;
  readonly modified: Date | null;
  /** Another one where the image may be another one. */
  readonly version: string;
}

export interface UpstreamAsk {
  readonly request: ImageRequest;
  /** What the reader has already, from an answer to the same request. */
  readonly ifNoneMatch: string | null;
  readonly ifModifiedSince: string | null;
  readonly signal: AbortSignal;
}

export interface UpstreamValidators {
  readonly etag: string | null;
  readonly modified: Date | null;
}

export type UpstreamAnswer =
  | Refusal
  | (UpstreamValidators & { readonly kind: 'not-modified' })
  | (UpstreamValidators & {
      readonly kind: 'image';
      /** Null where the upstream does not say. */
      readonly bytes: number | null;
      /** Either of both is called, once. Rejects with `Failure` where the bytes end early or stop coming. */
      chunks(): AsyncIterable<Uint8Array>;
      /** Lets go of the bytes, which nobody wants. */
      discard(): void;
    });
