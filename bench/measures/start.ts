import { vitrine } from '../contestants/vitrine.ts';
import type { Bench, Measure, Row } from './measure.ts';
import { figuresOf, median } from './medians.ts';

const ITEMS = 200_000;
const SHORT_ITEMS = 500;

/** From the start of the program to its first answer, with few files and with many; each time with a new data folder. */
export const start: Measure = {
  name: 'start',
  title: 'Start of Vitrine to its first answer',
  async run(bench) {
    const many = bench.short ? SHORT_ITEMS : ITEMS;
    const rows = [
      await startWith(bench, 'few', 0, 'a few files'),
      await startWith(bench, 'many', many, `${many.toLocaleString('en')} files`),
    ];
    const seconds = figuresOf(rows, 'many').seconds ?? null;
    return { rows, wanted: [{ sentence: `Start with ${rows[1]?.label}, seconds`, at: 'most', wanted: 0.5, reached: seconds }] };
  },
};

async function startWith(bench: Bench, key: string, items: number, label: string): Promise<Row> {
  const all = Array.from({ length: bench.rounds }, (_, round) =>
    vitrine({ name: `start-${round}`, label: 'Vitrine', lock: 'none', alone: true, args: ['--pyramids-at-once', '0'] }),
  );
  const seconds = await bench.withRunning({ contestants: all, items }, async (running) =>
    [...running.values()].map(({ startSeconds }) => startSeconds ?? Number.NaN),
  );
  bench.say(`  ${label}: ${seconds.map((each) => each.toFixed(2)).join(', ')} s`);
  return { key, label, figures: { seconds: median(seconds) } };
}
