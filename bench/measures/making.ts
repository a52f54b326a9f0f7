import { mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { peakMegabytesOf } from '../processes.ts';
import { startProgram } from '../programs.ts';
import { pictureFile } from '../sources/pictures.ts';
import type { Bench, Measure, Row } from './measure.ts';

const SIZE = { width: 25_000, height: 20_000 };
const SHORT_SIZE = { width: 3_000, height: 2_500 };
const POLL_MILLISECONDS = 100;
const MOST_SECONDS = 600;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A large source without tiles becomes a pyramid, on the server's core. */
export const making: Measure = {
  name: 'making',
  title: 'A pyramid of a large JPEG, by `vitrine pyramid`',
  async run(bench) {
    const size = bench.short ? SHORT_SIZE : SIZE;
    const row = await makeOne(bench, await jpegOf(bench, size), `${(size.width * size.height) / 1e6} megapixels`);
    const reached = row.figures.peakMegabytes ?? null;
    return { rows: [row], wanted: [{ sentence: `A pyramid of ${row.label}: peak memory, MB`, at: 'most', wanted: 1_000, reached }] };
  },
};

async function jpegOf(bench: Bench, size: typeof SIZE): Promise<string> {
  const { file, exists } = await pictureFile(size, 'jpg');
  if (exists) return file;
  const drawn = await bench.pyramid(size);
  const unfinished = `${file}.unfinished`;
  await sharp(drawn.file, { limitInputPixels: false, sequentialRead: true }).jpeg({ quality: 90 }).toFile(unfinished);
  await rename(unfinished, file);
  await rm(drawn.file);
  return file;
}

async function makeOne({ work, cores, say }: Bench, source: string, label: string): Promise<Row> {
  const row = { key: 'making', label };
  const out = await mkdtemp(join(work, 'made-'));
  const begin = performance.now();
  const program = startProgram({
    command: process.execPath,
    args: ['src/main.ts', 'pyramid', '--out', out, '--data', join(out, 'data'), source],
    cores: String(cores.server),
    folder: ROOT,
  });
  let peakMegabytes = 0;
  while (program.alive() && performance.now() - begin < MOST_SECONDS * 1000) {
    peakMegabytes = Math.max(peakMegabytes, await peakMegabytesOf([program.pid]));
    await setTimeout(POLL_MILLISECONDS);
  }
  const seconds = (performance.now() - begin) / 1000;
  await program.stop();
  await rm(out, { recursive: true, force: true });
  if (program.exitCode() !== 0)
    return { ...row, figures: {}, failure: `vitrine pyramid ended with ${program.exitCode()}: ${program.output()}` };
  say(`  ${label}: ${seconds.toFixed(0)} s, ${peakMegabytes.toFixed(0)} MB`);
  return { ...row, figures: { seconds, peakMegabytes } };
}
