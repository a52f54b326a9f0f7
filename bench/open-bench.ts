import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Contestant } from './contestants/contestant.ts';
import { installFromDebian } from './contestants/debian.ts';
import { vitrine } from './contestants/vitrine.ts';
import type { Cores } from './cores.ts';
import type { Bench } from './measures/measure.ts';
import type { BenchOptions } from './options.ts';
import { pyramidOf } from './sources/pictures.ts';
import { saveTiles } from './sources/static-tiles.ts';
import { distinct, viewerTiles } from './sources/tiles.ts';
import { withRunning } from './stages.ts';

const PICTURE = { width: 12_000, height: 9_000 };
const SMALL_PICTURE = { width: 3_000, height: 2_250 };

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What is installed from the package: compiled, and loaded without npm. */
async function build(): Promise<void> {
  await promisify(execFile)('npm', ['run', '--silent', 'build'], { cwd: ROOT });
}

/** Makes what all measures need. `work`: an empty folder that is removed after the run. */
export async function openBench(options: BenchOptions, cores: Cores, work: string, say: (line: string) => void): Promise<Bench> {
  const noLoad = await installFromDebian(['wrk']);
  if (noLoad !== null) throw new Error(`Nothing can be measured without wrk: ${noLoad}.`);
  const picture = await pyramidOf(options.short ? SMALL_PICTURE : PICTURE, say);
  const built = !options.short;
  if (built) await build();
  const standard = { built, pictures: { 'picture.tif': picture.file }, cores: String(cores.server) };
  const files = join(work, 'static');
  const maker = vitrine({ name: 'maker', label: 'Vitrine', lock: 'none' });
  await withRunning(work, { contestants: [maker], ...standard }, async (running) => {
    for (const server of running.values()) await saveTiles(server, 'locked/picture.tif', distinct(viewerTiles(picture)), files);
  });
  const sentences = new Map<string, string | null>();
  return {
    rounds: options.rounds,
    short: options.short,
    cores,
    picture,
    work,
    files,
    async take(contestants) {
      const taken: Contestant[] = [];
      for (const contestant of contestants.filter(({ name }) => options.contestants?.includes(name) ?? true)) {
        const sentence = sentences.get(contestant.name) ?? (await contestant.install());
        if (sentence === null) taken.push(contestant);
        else if (!sentences.has(contestant.name)) say(`${contestant.label} does not take part: ${sentence}.`);
        sentences.set(contestant.name, sentence);
      }
      return taken;
    },
    pyramid: (size) => pyramidOf(size, say),
    withRunning: (request, use) => withRunning(work, { ...standard, ...request }, use),
    say,
  };
}
