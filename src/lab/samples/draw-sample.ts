import type { Raster } from './drawing/raster.ts';
import { drawBanknote } from './pictures/banknote.ts';
import { drawDamask } from './pictures/damask.ts';
import { drawFern } from './pictures/fern.ts';
import { drawGlazedTiles } from './pictures/glazed-tiles.ts';
import { drawIslandMap } from './pictures/island-map.ts';
import { drawJuliaSet } from './pictures/julia-set.ts';
import { drawLace } from './pictures/lace.ts';
import { drawLedger } from './pictures/ledger.ts';
import { drawManuscript } from './pictures/manuscript.ts';
import { drawMarbledPaper } from './pictures/marbled-paper.ts';
import { drawMoonChart } from './pictures/moon-chart.ts';
import { drawObservatory } from './pictures/observatory.ts';
import { drawPenroseFloor } from './pictures/penrose-floor.ts';
import { drawStarChart } from './pictures/star-chart.ts';
import { drawStillLife } from './pictures/still-life.ts';
import { drawStrata } from './pictures/strata.ts';
import { drawTartan } from './pictures/tartan.ts';
import { drawWaves } from './pictures/waves.ts';
import { SAMPLES, type SampleFile } from './sample-list.ts';

/** Draws one page; width and height in pixels, and the scale against the full-size picture. */
export type Draw = (width: number, height: number, scale: number, page: number) => Raster;

const PICTURES: Readonly<Record<SampleFile, Draw>> = {
  'open/maps/glass-isles.tif': drawIslandMap,
  'open/sky/northern-sky.png': drawStarChart,
  'open/sky/moon.tif': drawMoonChart,
  'open/plants/fern.jpg': drawFern,
  'open/fractals/julia.jpg': drawJuliaSet,
  'open/engravings/still-life.jpg': drawStillLife,
  'open/textiles/tartan.webp': drawTartan,
  'open/textiles/damask.avif': drawDamask,
  'open/textiles/lace.png': drawLace,
  'open/papers/marbled.jp2': drawMarbledPaper,
  'open/tiles/azulejo.jpg': drawGlazedTiles,
  'open/tiles/penrose.png': drawPenroseFloor,
  'open/prints/waves.jpg': drawWaves,
  'terms/observatory.png': drawObservatory,
  'terms/strata.jpg': drawStrata,
  'members/manuscript.tif': drawManuscript,
  'members/ledger.jpg': drawLedger,
  'curators/banknote.tif': drawBanknote,
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
