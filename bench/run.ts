/** How fast is Vitrine, beside others? See README.md. */
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chooseCores, stayOn } from './cores.ts';
import { connections } from './measures/connections.ts';
import { derivatives } from './measures/derivatives.ts';
import { firstTouch } from './measures/first-touch.ts';
import { fromDisk } from './measures/from-disk.ts';
import { giants } from './measures/giants.ts';
import { growth } from './measures/growth.ts';
import { jpeg2000 } from './measures/jpeg2000.ts';
import { making } from './measures/making.ts';
import type { Measure, Outcome } from './measures/measure.ts';
import { quality } from './measures/quality.ts';
import { start } from './measures/start.ts';
import { nameOf } from './measures/take-turns.ts';
import { warm } from './measures/warm.ts';
import { workers } from './measures/workers.ts';
import { openBench } from './open-bench.ts';
import { type BenchOptions, readOptions, USAGE } from './options.ts';
import { killAll } from './programs.ts';
import { writeReport } from './report.ts';

const MEASURES: readonly Measure[] = [
  warm,
  firstTouch,
  fromDisk,
  connections,
  derivatives,
  quality,
  giants,
  growth,
  jpeg2000,
  workers,
  start,
  making,
];
const JSON_FILE = fileURLToPath(new URL('.cache/last.json', import.meta.url));

const say = (line: string) => console.error(line);
try {
  const options = readOptions(process.argv.slice(2), JSON_FILE);
  if (options.help) console.log(USAGE);
  else await runBench(options, measuresOf(options));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function measuresOf({ only }: BenchOptions): readonly Measure[] {
  const unknown = only?.filter((name) => MEASURES.every((measure) => measure.name !== name)) ?? [];
  if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', ')}. There are ${MEASURES.map(({ name }) => name).join(', ')}.`);
  return MEASURES.filter(({ name }) => only?.includes(name) ?? true);
}

async function runBench(options: BenchOptions, measures: readonly Measure[]): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'vitrine-bench-'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => giveUp(work));
  try {
    const cores = await chooseCores();
    await stayOn(cores.load);
    const bench = await openBench(options, cores, work, say);
    const outcomes = new Map<Measure, Outcome>();
    for (const measure of measures) {
      say(measure.title);
      outcomes.set(measure, await measure.run(bench).catch(failedAltogether));
    }
    console.log(writeReport(options, outcomes));
    await saveJson(options, outcomes);
    const failures = [...outcomes.values()].flatMap(({ rows }) => rows.filter(({ failure }) => failure !== undefined));
    for (const row of failures) console.error(`${nameOf(row)}: ${row.failure}`);
    if (failures.length > 0) process.exitCode = 1;
  } finally {
    killAll();
    await rm(work, { recursive: true, force: true });
  }
}

/** One measure that cannot be made does not take the others with it. */
function failedAltogether(error: unknown): Outcome {
  const failure = error instanceof Error ? error.message : String(error);
  return { rows: [{ key: 'all', label: 'could not be measured', figures: {}, failure }], wanted: [] };
}

async function saveJson({ json, rounds, short }: BenchOptions, outcomes: ReadonlyMap<Measure, Outcome>): Promise<void> {
  const measures = [...outcomes].map(([{ name, title }, outcome]) => ({ name, title, ...outcome }));
  await mkdir(dirname(json), { recursive: true });
  await writeFile(json, `${JSON.stringify({ rounds, short, measures }, endless, 2)}\n`);
}

/** JSON knows no infinity. */
function endless(_key: string, value: unknown): unknown {
  return value === Number.POSITIVE_INFINITY ? 'infinite' : value;
}

/** Somebody has had enough: leaves neither processes nor files. */
function giveUp(work: string): never {
  killAll();
  rmSync(work, { recursive: true, force: true });
  process.exit(1);
}
