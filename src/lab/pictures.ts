import { SAMPLES, type SampleFile } from './samples/sample-list.ts';

/** Samples, drawn small: their longest side is about 1200 pixels. */
export const LAB_PICTURES = {
  damask: { file: 'open/textiles/damask.avif', scale: 0.5 },
  fern: { file: 'open/plants/fern.jpg', scale: 1 / 3 },
  julia: { file: 'open/fractals/julia.jpg', scale: 0.4 },
  ledger: { file: 'members/ledger.jpg', scale: 1 / 3 },
  manuscript: { file: 'members/manuscript.tif', scale: 0.4 },
  observatory: { file: 'terms/observatory.png', scale: 1 / 3 },
  strata: { file: 'terms/strata.jpg', scale: 0.2 },
  tartan: { file: 'open/textiles/tartan.webp', scale: 0.4 },
  waves: { file: 'open/prints/waves.jpg', scale: 1 / 3 },
} as const satisfies Readonly<Record<string, { readonly file: SampleFile; readonly scale: number }>>;

export type LabPicture = keyof typeof LAB_PICTURES;

/** In pixels, as it is drawn. */
export function sizeOfPicture(name: LabPicture): { readonly width: number; readonly height: number } {
  const { file, scale } = LAB_PICTURES[name];
  const sample = SAMPLES.find((each) => each.file === file);
  if (sample === undefined) throw new Error(`There is no sample ${file}.`);
  return { width: Math.round(sample.width * scale), height: Math.round(sample.height * scale) };
}
