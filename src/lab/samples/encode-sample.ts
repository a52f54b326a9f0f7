import sharp, { type Sharp } from 'sharp';
import type { ColourRaster, Raster } from './drawing/raster.ts';
import { encodeJpeg2000 } from './jpeg-2000.ts';
import type { SampleFile } from './sample-list.ts';

/** Writes a picture's pages as the bytes of its file. */
type Encode = (pages: readonly Raster[]) => Promise<Buffer>;

/** `rotate` here is what the camera did: shown upright, the file's pixels are turned 90 degrees clockwise (EXIF 6). */
const SIDEWAYS = { degreesStored: 270, orientation: 6 };

const ENCODERS: Readonly<Record<SampleFile, Encode>> = {
  'open/maps/glass-isles.tif': one((image) =>
    image.tiff({ compression: 'jpeg', quality: 88, tile: true, tileWidth: 256, tileHeight: 256, pyramid: true }),
  ),
  'open/sky/northern-sky.png': one((image) => image.png({ compressionLevel: 4 })),
  'open/sky/moon.tif': one((image) => image.toColourspace('grey16').tiff({ compression: 'none', predictor: 'none' })),
  'open/plants/fern.jpg': one((image) =>
    image.rotate(SIDEWAYS.degreesStored).withMetadata({ orientation: SIDEWAYS.orientation }).jpeg({ quality: 90 }),
  ),
  'open/fractals/julia.jpg': one((image) => image.withIccProfile('p3').jpeg({ quality: 90 })),
  'open/engravings/still-life.jpg': one((image) => image.toColourspace('b-w').jpeg({ quality: 88 })),
  'open/textiles/tartan.webp': one((image) => image.webp({ quality: 84, effort: 1 })),
  'open/textiles/damask.avif': one((image) => image.avif({ quality: 62, effort: 0 })),
  'open/textiles/lace.png': one((image) => image.png({ compressionLevel: 4 })),
  'open/papers/marbled.jp2': ([page]) => encodeJpeg2000(page as ColourRaster),
  'open/tiles/azulejo.jpg': one((image) => image.jpeg({ quality: 90 })),
  'open/tiles/penrose.png': one((image) => image.png({ compressionLevel: 4 })),
  'open/prints/waves.jpg': one((image) => image.jpeg({ quality: 90 })),
  'terms/observatory.png': one((image) => image.png({ compressionLevel: 4 })),
  'terms/strata.jpg': one((image) => image.jpeg({ quality: 88 })),
  'members/manuscript.tif': encodePages,
  'members/ledger.jpg': one((image) => image.jpeg({ quality: 90 })),
  'curators/banknote.tif': one((image) => image.tiff({ compression: 'lzw', predictor: 'horizontal' })),
};

export function encodeSample(file: SampleFile, pages: readonly Raster[]): Promise<Buffer> {
  return ENCODERS[file](pages);
}

function one(write: (image: Sharp) => Sharp): Encode {
  return async ([page]) => {
    if (page === undefined) {
      throw new Error('A sample has no page.');
    }
    return write(openRaster(page)).toBuffer();
  };
}

function openRaster({ width, height, channels, data }: Raster): Sharp {
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
}

/** Pages of one size below each other; libvips cuts them apart again when it writes the TIFF. */
async function encodePages(pages: readonly Raster[]): Promise<Buffer> {
  const [first] = pages;
  if (first === undefined) {
    throw new Error('A sample has no page.');
  }
  const { width, height, channels } = first;
  const joined = Buffer.concat(pages.map((page) => page.data as Uint8Array));
  return sharp(joined, { raw: { width, height: height * pages.length, channels, pageHeight: height }, limitInputPixels: false })
    .tiff({ compression: 'jpeg', quality: 88 })
    .toBuffer();
}
