export interface ImagingOptions {
  /** A source with more pixels than this is refused from its header. */
  readonly maxSourcePixels: number;
  /** Any one decode or render that takes longer is given up. */
  readonly timeLimitSeconds: number;
  /** Memory for decoded sources that cannot be read by region; 0 keeps none. */
  readonly decodedMemoryBytes: number;
  /** Memory for decoded tiles of sources that are read tile by tile; 0 keeps none. */
  readonly decodedTileBytes: number;
  /** Convert to sRGB, or leave RGB and gray colours as they are and embed the source's profile. */
  readonly colour: 'srgb' | 'keep-profile';
  /** `#rrggbb`, for formats without transparency. */
  readonly backgroundColour: string;
  readonly jpegQuality: number;
  /** Chrominance at half the width and height, or whole. */
  readonly jpegSubsampling: '4:2:0' | '4:4:4';
  readonly webpQuality: number;
  readonly avifQuality: number;
  /** How JPEG 2000 is decoded: by `opj_decompress` where it is installed, else by WebAssembly in a worker process. */
  readonly jpeg2000: 'installed' | 'process' | 'worker';
}

export const IMAGING_DEFAULTS: ImagingOptions = {
  maxSourcePixels: 1_000_000_000,
  timeLimitSeconds: 30,
  decodedMemoryBytes: 256 * 1024 * 1024,
  decodedTileBytes: 64 * 1024 * 1024,
  colour: 'srgb',
  backgroundColour: '#ffffff',
  jpegQuality: 85,
  jpegSubsampling: '4:2:0',
  webpQuality: 80,
  avifQuality: 55,
  jpeg2000: 'installed',
};
