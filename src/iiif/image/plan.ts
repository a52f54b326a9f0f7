import type { Format, Quality } from './request.ts';

/** What may be asked for; in the information document as maxWidth, maxHeight and maxArea. */
export interface ImageLimits {
  readonly maxWidth: number;
  readonly maxHeight: number;
  /** Pixels of the output. */
  readonly maxArea: number;
  /** 2.1 only: whether sizes above the region's own are made (`sizeAboveFull`); 3.0 has `^` for it. */
  readonly sizeAboveFull: boolean;
  /** Largest output side, as a multiple of the full image's side. Lowers maxWidth and maxHeight of small images. */
  readonly maxUpscale: number;
}

/** An image request resolved to pixels: numbers only, ready to render. */
export interface Plan {
  /** In pixels of the full, oriented image; never empty, never outside. */
  readonly region: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** Scaled size before rotation; at least 1 x 1. */
  readonly size: { readonly width: number; readonly height: number };
  readonly mirrored: boolean;
  readonly degrees: number;
  readonly quality: Quality;
  readonly format: Format;
  /** `{region}/{size}/{rotation}/{quality}.{format}` in the canonical form of the request's version. */
  readonly canonical: string;
}
