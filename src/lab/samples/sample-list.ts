/** Which folder a sample lies in says who may see it; `access.yaml` of the samples holds the policies. */
export type SampleAccess = 'open' | 'members' | 'terms' | 'curators';

export interface Sample {
  /** Path in the samples' folder, with `/`: the identifier. */
  readonly file: string;
  readonly title: string;
  /** Pixels, upright: after the EXIF orientation. */
  readonly width: number;
  readonly height: number;
  /** Of a file with several pages; each is `width` by `height`. */
  readonly pages: number;
  /** What is special about the file, for people. */
  readonly format: string;
  readonly access: SampleAccess;
}

/** Grows whenever a picture changes, so that an older folder is made again. */
export const SAMPLES_VERSION = 2;

/** The samples of `vitrine demo`, in the order of the front page. */
export const SAMPLES = [
  sample('open/maps/glass-isles.tif', 'A New Map of the Glass Isles', 8000, 6000, 'tiled pyramidal TIFF'),
  sample('open/sky/northern-sky.png', 'The Northern Sky, with its Constellations', 3600, 3600, 'PNG'),
  sample('open/sky/moon.tif', 'Chart of the Moon', 3200, 3200, 'striped TIFF, 16 bits, gray'),
  sample('open/plants/fern.jpg', 'Fern, Plate XII', 2800, 3600, 'JPEG with EXIF orientation 6'),
  sample('open/fractals/julia.jpg', 'Dust and Spirals: a Julia Set', 3000, 2250, 'JPEG in Display P3'),
  sample('open/engravings/still-life.jpg', 'Still Life with Vase, engraved', 3000, 3800, 'JPEG, gray'),
  sample('open/textiles/tartan.webp', 'Tartan of the Glass Isles', 3000, 2400, 'WebP'),
  sample('open/textiles/damask.avif', 'Silk Damask', 2400, 2400, 'AVIF'),
  sample('open/textiles/lace.png', 'Round of Bobbin Lace', 2400, 2400, 'PNG with transparency'),
  sample('open/papers/marbled.jp2', 'Marbled Endpaper', 2304, 1792, 'JPEG 2000 in tiles'),
  sample('open/tiles/azulejo.jpg', 'Wall of Glazed Tiles', 3600, 3600, 'JPEG'),
  sample('open/tiles/penrose.png', 'Penrose Floor', 3200, 3200, 'PNG'),
  sample('open/prints/waves.jpg', 'Waves at Moonrise', 3600, 2400, 'JPEG'),
  sample('terms/observatory.png', 'An Observatory: Elevation and Plan', 3600, 2700, 'PNG'),
  sample('terms/strata.jpg', 'Section through the Glass Isles', 6000, 2400, 'JPEG'),
  sample('members/manuscript.tif', 'Four Leaves of a Manuscript', 2000, 2800, 'TIFF with four pages', 4),
  sample('members/ledger.jpg', 'Ledger of the Harbour Office', 2800, 3600, 'JPEG'),
  sample('curators/banknote.tif', 'Proof of a Banknote', 4200, 2100, 'striped TIFF, LZW'),
] as const satisfies readonly Sample[];

export type SampleFile = (typeof SAMPLES)[number]['file'];

function sample<const File extends `${SampleAccess}/${string}`>(
  file: File,
  title: string,
  width: number,
  height: number,
  format: string,
  pages = 1,
): Sample & { readonly file: File } {
  return { file, title, width, height, pages, format, access: accessOf(file) };
}

function accessOf(file: `${SampleAccess}/${string}`): SampleAccess {
  const folder = file.slice(0, file.indexOf('/'));
  return folder === 'members' || folder === 'terms' || folder === 'curators' ? folder : 'open';
}
