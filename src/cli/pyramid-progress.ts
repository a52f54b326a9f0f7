import type { FoundSource } from '../app/find-sources.ts';
import { ProgressBar, type ProgressScreen } from '../lib/progress-bar.ts';
import { timeLeft } from './time-left.ts';

export interface PyramidProgress {
  update(source: FoundSource, share: number): void;
  made(pixels: number): void;
  done(source: FoundSource): void;
  /** Takes the line off a terminal, for other lines. */
  clear(): void;
}

/** Not more often than eyes follow. */
const SHOW_MILLISECONDS = 100;

/** How many files are done, how many megapixels come in a second, and how long the rest will take, judged by its bytes. */
export function createPyramidProgress(sources: readonly FoundSource[], screen: ProgressScreen, now: () => number): PyramidProgress {
  const bar = new ProgressBar('Pyramids', screen);
  const total = sources.reduce((sum, { bytes }) => sum + bytes, 0);
  const started = now();
  const shares = new Map<FoundSource, number>();
  let files = 0;
  let doneBytes = 0;
  /** What was there already took no time, and tells nothing about the rest. */
  let workedBytes = 0;
  let pixels = 0;
  let shownAt = Number.NEGATIVE_INFINITY;

  const show = (label: string) => bar.show(files, sources.length, label);
  const label = (path: string): string => {
    const seconds = (now() - started) / 1000;
    const underWay = [...shares].reduce((sum, [{ bytes }, share]) => sum + bytes * share, 0);
    const rate = (workedBytes + underWay) / seconds;
    const left = (total - doneBytes - underWay) / rate;
    // The path last: a long one is cut off.
    const parts = [timeLeft(left), pixels > 0 ? `${Math.round(pixels / 1e6 / seconds)} MP/s` : null, path];
    return parts.filter((part) => part !== null).join(' · ');
  };

  return {
    update(source, share) {
      shares.set(source, share);
      if (screen.isTTY !== true || now() - shownAt < SHOW_MILLISECONDS) return;
      shownAt = now();
      show(label(`${source.path} ${Math.round(share * 100)} %`));
    },
    made(count) {
      pixels += count;
    },
    done(source) {
      if (shares.delete(source)) workedBytes += source.bytes;
      doneBytes += source.bytes;
      files += 1;
      show(label(source.path));
    },
    clear: () => bar.end(),
  };
}
