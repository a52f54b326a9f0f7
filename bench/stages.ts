import { linkSync } from 'node:fs';
import { link, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Contestant, Running } from './contestants/contestant.ts';
import type { RunningRequest } from './measures/measure.ts';

/** Starts contestants on one folder of pictures, hands them over, and ends them whatever happens. */
export async function withRunning<T>(
  work: string,
  { contestants, pictures = {}, items = 0, cores = '0', built = false }: RunningRequest,
  use: (running: ReadonlyMap<Contestant, Running>) => Promise<T>,
): Promise<T> {
  const stage = await mkdtemp(join(work, 'stage-'));
  const running = new Map<Contestant, Running>();
  try {
    const images = join(stage, 'images');
    await fill(images, pictures);
    await addItems(images, items);
    for (const contestant of contestants) {
      const folder = join(stage, contestant.name);
      await mkdir(folder);
      running.set(contestant, await contestant.start({ images, work: folder, cores, built }));
    }
    return await use(running);
  } finally {
    await Promise.all([...running.values()].map((each) => each.stop()));
    await rm(stage, { recursive: true, force: true });
  }
}

async function fill(images: string, pictures: Readonly<Record<string, string>>): Promise<void> {
  for (const part of ['open', 'locked']) {
    await mkdir(join(images, part), { recursive: true });
    for (const [name, file] of Object.entries(pictures)) {
      const place = join(images, part, name);
      // A file like any other where the disk is the same one, else a name of it.
      await link(file, place).catch(() => symlink(file, place));
    }
  }
}

const ITEMS_IN_A_FOLDER = 1_000;
/** File systems allow some ten thousand names for one file. */
const NAMES_OF_A_FILE = 10_000;

/** Pictures of one pixel. */
async function addItems(images: string, count: number): Promise<void> {
  const pixel = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#808080' } })
    .png()
    .toBuffer();
  let original = '';
  for (let i = 0; i < count; i += 1) {
    const folder = join(images, `box-${Math.floor(i / ITEMS_IN_A_FOLDER)}`);
    if (i % ITEMS_IN_A_FOLDER === 0) await mkdir(folder);
    const file = join(folder, `page ${i}.png`);
    if (i % NAMES_OF_A_FILE === 0) {
      original = file;
      await writeFile(file, pixel);
    } else linkSync(original, file);
  }
}
