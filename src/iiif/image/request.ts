/**
 * The parameters of an image request, parsed.
 * https://iiif.io/api/image/3.0/#4-image-requests
 * https://iiif.io/api/image/2.1/#image-request-parameters
 */
export type ImageApiVersion = 2 | 3;

export type Region =
  | { readonly kind: 'full' }
  | { readonly kind: 'square' }
  | { readonly kind: 'pixels'; readonly x: number; readonly y: number; readonly width: number; readonly height: number }
  | { readonly kind: 'percent'; readonly x: number; readonly y: number; readonly width: number; readonly height: number };

export type Size =
  /** 2.1 `full`, which 3.0 has no more. */
  | { readonly kind: 'full' }
  | { readonly kind: 'max'; readonly upscale: boolean }
  | { readonly kind: 'width'; readonly width: number; readonly upscale: boolean }
  | { readonly kind: 'height'; readonly height: number; readonly upscale: boolean }
  | { readonly kind: 'percent'; readonly percent: number; readonly upscale: boolean }
  | { readonly kind: 'exact'; readonly width: number; readonly height: number; readonly upscale: boolean }
  | { readonly kind: 'confined'; readonly width: number; readonly height: number; readonly upscale: boolean };

export interface Rotation {
  readonly mirrored: boolean;
  /** Clockwise, 0 <= degrees < 360. */
  readonly degrees: number;
}

export const QUALITIES = ['default', 'color', 'gray', 'bitonal'] as const;
export type Quality = (typeof QUALITIES)[number];

export const FORMATS = ['jpg', 'png', 'webp', 'avif', 'gif', 'tif', 'jp2', 'pdf'] as const;
export type Format = (typeof FORMATS)[number];

/** Whether a picture in this format has the very pixels that were written. */
export function isLossless(format: Format): boolean {
  return format === 'png' || format === 'tif';
}

export interface ImageRequest {
  readonly version: ImageApiVersion;
  readonly identifier: string;
  readonly region: Region;
  readonly size: Size;
  readonly rotation: Rotation;
  readonly quality: Quality;
  readonly format: Format;
}
