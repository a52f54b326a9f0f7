/** What the worker is asked, and what it answers. */
export type OpenjpegTask =
  | { readonly kind: 'decode'; readonly bytes: Uint8Array; readonly reduce: number }
  | {
      readonly kind: 'encode';
      /** 8 bits a sample, interleaved. */
      readonly pixels: Uint8Array;
      readonly width: number;
      readonly height: number;
      readonly channels: number;
      /** How many times smaller than the pixels. */
      readonly ratio: number;
      readonly decompositions: number;
    };

export type OpenjpegAnswer =
  | {
      readonly kind: 'done';
      readonly data: Uint8Array;
      readonly channels: number;
      readonly depth: number;
      readonly signed: boolean;
      /** What the worker holds; it never gives any back. */
      readonly memoryBytes: number;
    }
  | { readonly kind: 'failed'; readonly why: string };

export type OpenjpegDone = Extract<OpenjpegAnswer, { kind: 'done' }>;
