import { link, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Contestant, Running } from './contestants/contestant.ts';
import type { RunningRequest } from './measures/measure.ts';

/** Starts contestants on one folder of pictures, hands them over, and ends them whatever happens. */
export async function withRunning<T>(
  work: string,
  { contestants, pictures = {}, cores = '0' }: RunningRequest,
  use: (running: ReadonlyMap<Contestant, Running>) => Promise<T>,
): Promise<T> {
  const stage = await mkdtemp(join(work, 'stage-'));
  const running = new Map<Contestant, Running>();
  try {
    const images = join(stage, 'images');
    await fill(images, pictures);
    for (const contestant of contestants) {
      const folder = join(stage, contestant.name);
      await mkdir(folder);
      running.set(contestant, await contestant.start({ images, work: folder, cores }));
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
