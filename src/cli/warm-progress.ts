import type { Warmed } from '../flows/warm-cache.ts';
import { ProgressBar, type ProgressScreen } from '../lib/progress-bar.ts';
import { timeLeft } from './time-left.ts';

export interface WarmProgress {
  /** Before all others: how many images there are. */
  begin(images: number): void;
  /** How much of an image is done, 0 to 1. */
  update(path: string, share: number): void;
  done(image: Warmed): void;
  /** Takes the line off a terminal, for other lines. */
  clear(): void;
}

/** Not more often than eyes follow. */
const SHOW_MILLISECONDS = 100;

/** How many of so many images are done, how many finished images come in a second, and how long the rest will take. */
export function createWarmProgress(screen: ProgressScreen, now: () => number): WarmProgress {
  const bar = new ProgressBar('Images', screen);
  const started = now();
  const shares = new Map<string, number>();
  let total = 0;
  let done = 0;
  /** What was ready took no time, and tells nothing about the rest. */
  let worked = 0;
  let made = 0;
  let shownAt = Number.NEGATIVE_INFINITY;

  function show(path: string): void {
    if (now() - shownAt < SHOW_MILLISECONDS && done < total) return;
    shownAt = now();
    const seconds = Math.max(0.001, (now() - started) / 1000);
    const underWay = [...shares.values()].reduce((sum, share) => sum + share, 0);
    const parts = [
      timeLeft((total - done - underWay) / ((worked + underWay) / seconds)),
      made > 0 ? `${(made / seconds).toFixed(1)} a second` : null,
      // Last: a long one is cut off.
      path === '' ? '/' : path,
    ];
    bar.show(done, total, parts.filter((part) => part !== null).join(' · '));
  }

  return {
    begin(images) {
      total = images;
    },
    update(path, share) {
      shares.set(path, share);
      show(path);
    },
    done({ path, made: ofImage }) {
      shares.delete(path);
      done += 1;
      made += ofImage;
      if (ofImage > 0) worked += 1;
      show(path);
    },
    clear: () => bar.end(),
  };
}
