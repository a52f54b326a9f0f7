import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createImageReader } from '../../src/adapters/imaging/image-reader.ts';
import { IMAGING_DEFAULTS, type ImagingOptions } from '../../src/adapters/imaging/imaging-options.ts';
import type { Pyramids } from '../../src/adapters/imaging/pyramid/background-pyramids.ts';
import { sharp } from '../../src/adapters/imaging/sharp-library.ts';
import type { Item } from '../../src/domain/item.ts';
import type { Plan } from '../../src/iiif/image/plan.ts';
import { Failure } from '../../src/lib/problems.ts';

/** Pixels as rows of samples, for comparing. */
export interface Picture {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** Red, green, blue and yellow quarters, each with a gradient of its own, so that no turn or flip looks like another. */
export function paint(width: number, height: number): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const right = x >= width / 2;
      const low = y >= height / 2;
      const along = Math.round((60 * x) / width);
      const down = Math.round((60 * y) / height);
      const colour = low
        ? right
          ? [220 - along, 200 - down, 30]
          : [30 + along, 40, 180 + down]
        : right
          ? [30, 160 + along, 60 + down]
          : [200 - along, 40 + down, 30];
      data.set(colour, (y * width + x) * 3);
    }
  }
  return { data, width, height, channels: 3 };
}

export function open({ data, width, height, channels }: Picture) {
  return sharp(data, { raw: { width, height, channels: channels as 1 | 2 | 3 | 4 } });
}

/** With opacity that falls from left to right. */
export function withAlpha({ data, width, height }: Picture): Picture {
  const out = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    out.set(data.subarray(i * 3, i * 3 + 3), i * 4);
    out[i * 4 + 3] = 255 - Math.round((200 * (i % width)) / width);
  }
  return { data: out, width, height, channels: 4 };
}

/** Luminance, as libvips sees it within a few steps. */
export async function toGray(picture: Picture): Promise<Picture> {
  return decode(await open(picture).toColourspace('b-w').png().toBuffer(), 1);
}

/** The pixels of an encoded picture in sRGB, with as many channels as asked for. */
export async function decode(bytes: Uint8Array, channels: 1 | 3 | 4): Promise<Picture> {
  const opened = sharp(bytes);
  const shaped = channels === 4 ? opened.ensureAlpha() : opened.removeAlpha();
  const { data, info } = await shaped
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

/** Mean and largest difference of samples; infinite where the sizes differ. */
export function difference(a: Picture, b: Picture): { mean: number; max: number } {
  if (a.width !== b.width || a.height !== b.height || a.channels !== b.channels)
    return { mean: Number.POSITIVE_INFINITY, max: Number.POSITIVE_INFINITY };
  let sum = 0;
  let max = 0;
  for (let i = 0; i < a.data.length; i++) {
    const step = Math.abs((a.data[i] ?? 0) - (b.data[i] ?? 0));
    sum += step;
    max = Math.max(max, step);
  }
  return { mean: sum / a.data.length, max };
}

export function pixel({ data, width, channels }: Picture, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * channels, (y * width + x + 1) * channels)];
}

export function crop(picture: Picture, x: number, y: number, width: number, height: number): Picture {
  const { channels } = picture;
  const data = new Uint8Array(width * height * channels);
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * picture.width + x) * channels;
    data.set(picture.data.subarray(from, from + width * channels), row * width * channels);
  }
  return { data, width, height, channels };
}

/** A folder for one test file, and the reader under test. */
export async function openLab(options: Partial<ImagingOptions> = {}, openPyramids: (folder: string) => Pyramids | null = () => null) {
  const folder = await mkdtemp(path.join(tmpdir(), 'vitrine-imaging-'));
  const reader = createImageReader({ ...IMAGING_DEFAULTS, ...options }, openPyramids(path.join(folder, 'pyramids')));
  let versions = 0;

  const itemOf = async (file: string, page = 1): Promise<Item> => {
    const { size, mtime } = await stat(file, { bigint: true });
    versions += 1;
    const name = path.basename(file);
    return {
      identifier: page === 1 ? name : `${name}/${page}`,
      path: name,
      page,
      kind: 'image',
      mediaType: 'image/jpeg',
      source: { file, bytes: Number(size), modified: mtime, version: `v${versions}` },
    };
  };

  return {
    folder,
    reader,
    file: (name: string) => path.join(folder, name),
    itemOf,
    async save(name: string, bytes: Uint8Array | string): Promise<Item> {
      const file = path.join(folder, name);
      await writeFile(file, bytes);
      return itemOf(file);
    },
    /** Everything that the plan leaves open is taken as it is in the source. */
    async render(item: Item, wanted: Partial<Plan> = {}): Promise<Uint8Array> {
      const description = await reader.describe(item);
      const region = wanted.region ?? { x: 0, y: 0, width: description.width, height: description.height };
      return reader.render(
        item,
        description,
        planOf({ size: { width: region.width, height: region.height }, ...wanted, region }),
        new AbortController().signal,
      );
    },
    async close() {
      await reader.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

export type Lab = Awaited<ReturnType<typeof openLab>>;

export function planOf(wanted: Partial<Plan> & Pick<Plan, 'region' | 'size'>): Plan {
  return { mirrored: false, degrees: 0, quality: 'default', format: 'png', canonical: 'test', ...wanted };
}

/** The code of the failure that something ends with, and what the log would say. */
export async function failureOf(work: Promise<unknown>): Promise<{ code: string; publicText: string; log: string }> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Failure)) throw new Error(`No failure but ${String(error)}`, { cause: error });
  return { code: error.refusal.code, publicText: error.refusal.detail, log: error.message };
}
