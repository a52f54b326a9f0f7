import type { Raster } from './drawing/raster.ts';
import { drawJuliaSet } from './pictures/julia-set.ts';
import { drawMarbledPaper } from './pictures/marbled-paper.ts';
import { drawStarChart } from './pictures/star-chart.ts';
import { drawTartan } from './pictures/tartan.ts';
import { SAMPLES, type SampleFile } from './sample-list.ts';

/** Draws one page; width and height in pixels, and the scale against the full-size picture. */
export type Draw = (width: number, height: number, scale: number, page: number) => Raster;

const PICTURES: Readonly<Record<SampleFile, Draw>> = {
  'open/maps/glass-isles.tif': drawMarbledPaper,
  'open/sky/northern-sky.png': drawStarChart,
  'open/sky/moon.tif': drawMarbledPaper,
  'open/plants/fern.jpg': drawMarbledPaper,
  'open/fractals/julia.jpg': drawJuliaSet,
  'open/engravings/still-life.jpg': drawMarbledPaper,
  'open/textiles/tartan.webp': drawTartan,
  'open/textiles/damask.avif': drawMarbledPaper,
  'open/textiles/lace.png': drawStarChart,
  'open/papers/marbled.jp2': drawMarbledPaper,
  'open/tiles/azulejo.jpg': drawMarbledPaper,
  'open/tiles/penrose.png': drawStarChart,
  'open/prints/waves.jpg': drawMarbledPaper,
  'terms/observatory.png': drawStarChart,
  'terms/strata.jpg': drawMarbledPaper,
  'members/manuscript.tif': drawMarbledPaper,
  'members/ledger.jpg': drawMarbledPaper,
  'curators/banknote.tif': drawMarbledPaper,
};

/** The pages of a sample, drawn at `scale`: 1 is the collection's size, less is for tests and previews. */
export function drawSample(file: SampleFile, scale: number): Raster[] {
  const sample = SAMPLES.find((candidate) => candidate.file === file);
  if (sample === undefined) {
    throw new Error(`There is no sample ${file}.`);
  }
  const width = Math.round(sample.width * scale);
  const height = Math.round(sample.height * scale);
  return Array.from({ length: sample.pages }, (_, page) => PICTURES[file](width, height, scale, page));
}
