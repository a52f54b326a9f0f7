import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BENCH_PARTS, findRealPart } from '../setup/real-parts.ts';

const run = promisify(execFile);
const BENCH = fileURLToPath(new URL('../../bench/run.ts', import.meta.url));
const CONTESTANTS = ['nginx', 'vitrine', 'iipimage', 'auth-request', 'iiif-processor'];
/** Those that compare answers; the others compare nothing but speed and memory. */
const MEASURES = 'warm,first-touch,derivatives,quality,jpeg2000';
const MINUTES = 8;

interface Figures {
  readonly measures: ReadonlyArray<{
    readonly name: string;
    readonly rows: ReadonlyArray<{ readonly key: string; readonly failure?: string; readonly figures: { readonly similarity?: number } }>;
    readonly wanted: ReadonlyArray<{ readonly sentence: string; readonly reached: number | string | null }>;
  }>;
}

describe.skipIf(BENCH_PARTS.some((part) => findRealPart(part) === null))('a short run of the bench', () => {
  let folder = '';
  let figures: Figures = { measures: [] };
  let table = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vitrine-bench-test-'));
    const json = join(folder, 'figures.json');
    // What went wrong is in the figures as well, by row.
    const { stdout } = await run(process.execPath, [BENCH, '--short', '--only', MEASURES, '--json', json]).catch(
      (error: { stdout: string }) => error,
    );
    table = stdout;
    figures = JSON.parse(await readFile(json, 'utf8')) as Figures;
  }, MINUTES * 60_000);

  afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));

  const rowsOf = (measure: string) => figures.measures.find(({ name }) => name === measure)?.rows ?? [];

  it('gets an answer from every contestant in every measure, each with the status that it should have', () => {
    const failures = figures.measures.flatMap(({ name, rows }) =>
      rows.filter(({ failure }) => failure !== undefined).map(({ key, failure }) => `${name}, ${key}: ${failure}`),
    );
    expect(failures).toEqual([]);
    expect(rowsOf('warm').map(({ key }) => key)).toEqual(expect.arrayContaining(CONTESTANTS));
  });

  it('finds the same pictures in the answers of all', () => {
    const alike = rowsOf('quality').map(({ key, figures: { similarity = 0 } }) => ({ key, similarity }));
    expect(alike.length).toBeGreaterThan(10);
    for (const { key, similarity } of alike) expect(similarity, key).toBeGreaterThan(0.8);
  });

  it('says of all that is wanted whether it was reached', () => {
    const wanted = figures.measures.flatMap((measure) => measure.wanted);
    expect(wanted.filter(({ reached }) => reached === null)).toEqual([]);
    for (const { sentence } of wanted) expect(table).toContain(sentence);
  });
});
