import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Item } from '../../../domain/item.ts';
import { chooseDecoder } from '../choose-decoder.ts';
import { describeSource } from '../describe-source.ts';
import type { ImagingOptions } from '../imaging-options.ts';
import { keepsOwnProfile } from '../keeps-profile.ts';
import { createOpenjpegWorker } from '../openjpeg-worker-host.ts';
import type { TileCoding } from './encode-tiles.ts';
import { makePyramid } from './make-pyramid.ts';
import type { PyramidOutcome } from './pyramid-task.ts';
import { rowsOfSource } from './rows-of-source.ts';
import { wantsPyramid } from './wants-pyramid.ts';

/** A disk is never filled to the last byte for what can be made again. */
const SPARE_DISK_BYTES = 1_000_000_000;
/** The pixels as they are, and the pyramid. */
const DISK_BYTES_PER_SAMPLE = 1.5;

export interface SourcePyramid {
  readonly item: Item;
  readonly options: ImagingOptions;
  readonly coding: TileCoding;
  readonly file: string;
  /** Of what is unfinished. It is made and removed. */
  readonly folder: string;
  readonly always: boolean;
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

/** Makes the pyramid of a page of a source. @throws when it cannot be made, or the source changed meanwhile. */
export async function makePyramidOfSource(request: SourcePyramid): Promise<PyramidOutcome> {
  const { item, options, coding, file, folder, always, onProgress, signal } = request;
  await checkUnchanged(item);
  const layout = await describeSource(item, options, null);
  const { width, height, alpha, pages } = layout.description;
  if (item.page > pages) throw new Error(`there are ${pages} pages`);
  if (!always && !wantsPyramid(layout, keepsOwnProfile(layout, options))) return { kind: 'needless' };
  if (alpha) throw new Error('it has transparent pixels, which JPEG tiles do not hold');
  await checkDisk(dirname(folder), width * height * (layout.gray ? 1 : 3));
  const worker = createOpenjpegWorker(options.timeLimitSeconds);
  try {
    const source = await rowsOfSource(item, layout, options, () => chooseDecoder(options, worker));
    const profile = keepsOwnProfile(layout, options) ? layout.profile : null;
    const checkSource = () => checkUnchanged(item);
    await makePyramid({
      source,
      orientation: layout.orientation,
      width,
      height,
      profile,
      file,
      folder,
      ...coding,
      checkSource,
      onProgress,
      signal,
    });
  } finally {
    await worker.close();
  }
  return { kind: 'made', pixels: width * height };
}

async function checkUnchanged({ source }: Item): Promise<void> {
  const { size, mtime } = await stat(source.file, { bigint: true });
  if (Number(size) !== source.bytes || mtime.getTime() !== source.modified.getTime()) throw new Error('it has changed meanwhile');
}

async function checkDisk(folder: string, samples: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const needed = samples * DISK_BYTES_PER_SAMPLE + SPARE_DISK_BYTES;
  if (bavail * bsize < needed) throw new Error(`the disk has no room for it: ${Math.ceil(needed / 1e6)} megabytes are needed for a while`);
}
