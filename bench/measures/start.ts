import { vitrine } from '../contestants/vitrine.ts';
import type { Bench, Measure, Row } from './measure.ts';
import { figuresOf, median } from './medians.ts';

const ITEMS = 200_000;
const SHORT_ITEMS = 500;

/** From the start of the program to its first answer, with few files and with many, as it is installed; for the first time and again. */
export const start: Measure = {
  name: 'start',
  title: 'Start of Vitrine to its first answer',
  async run(bench) {
    const many = bench.short ? SHORT_ITEMS : ITEMS;
    const rows = [
      ...(await startWith(bench, 'few', 0, 'a few files')),
      ...(await startWith(bench, 'many', many, `${many.toLocaleString('en')} files`)),
    ];
    const seconds = figuresOf(rows, 'many again').seconds ?? null;
    const sentence = `Start with ${many.toLocaleString('en')} files on a data folder that is there, seconds`;
    return { rows, wanted: [{ sentence, at: 'most', wanted: 0.5, reached: seconds }] };
  },
};

async function startWith(bench: Bench, key: string, items: number, label: string): Promise<readonly Row[]> {
  const all = Array.from({ length: bench.rounds }, (_, round) =>
    vitrine({
      name: `start-${round}`,
      label: 'Vitrine',
      lock: 'none',
      startTwice: true,
      args: ['--pyramids-at-once', '0'],
    }),
  );
  const contestants = await bench.take(all);
  const starts = await bench.withRunning({ contestants, items }, async (running) =>
    [...running.values()].map(({ startSeconds }) => startSeconds ?? []),
  );
  return ['first', 'again'].map((time, at) => {
    const seconds = starts.map((each) => each[at] ?? Number.NaN);
    bench.say(`  ${label}, ${time}: ${seconds.map((each) => each.toFixed(2)).join(', ')} s`);
    const said = time === 'first' ? 'for the first time' : 'again';
    return { key: `${key} ${time}`, label: `${label}, ${said}`, figures: { seconds: median(seconds) } };
  });
}
