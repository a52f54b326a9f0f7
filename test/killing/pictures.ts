import { hash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { startVitrineProcess } from '../harness/process.ts';
import { TestVisitor } from '../harness/visitor.ts';

/** Addresses of derivatives, with the sum of what is right at each. Some are locked. */
export interface RightAnswers {
  readonly sums: ReadonlyMap<string, string>;
  /** Of somebody who may see them all. */
  readonly cookie: string;
}

/** Larger than what gets no pyramid: one is made in the background, and its tiles are not those of the source. */
export const LARGE = 'open/large.jpg';
const LARGE_SIZE = { width: 2_400, height: 1_600 };
const ITEMS = ['open/pyramid.tif', 'open/quarters.png', 'members/letter.jpg', 'members/pyramid.tif'];
const WIDTHS = Array.from({ length: 12 }, (_, at) => 50 + 20 * at);

export async function drawLarge(images: string): Promise<void> {
  const bytes = await sharp({ create: { ...LARGE_SIZE, channels: 3, background: '#2266aa' } })
    .jpeg()
    .toBuffer();
  await mkdir(join(images, 'open'), { recursive: true });
  await writeFile(join(images, LARGE), bytes);
}

/** Of a server that keeps nothing and was never killed. */
export async function readRightAnswers(args: readonly string[]): Promise<RightAnswers> {
  const nothingKept = ['--derivative-memory-megabytes', '0', '--derivative-disk-megabytes', '0', '--pyramid-disk-megabytes', '0'];
  const program = await startVitrineProcess('serve', [...args, ...nothingKept]);
  try {
    const reader = new TestVisitor(program);
    await reader.signIn('reader');
    const sums = new Map<string, string>();
    for (const path of addresses()) {
      const answer = await reader.ask(path);
      if (answer.status !== 200) throw new Error(`${path} answers ${answer.status}.`);
      sums.set(path, sumOf(new Uint8Array(await answer.arrayBuffer())));
    }
    return { sums, cookie: [...reader.cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
  } finally {
    await program.stop();
  }
}

export function sumOf(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'base64url');
}

/** Of the large one: where its pixels come from may change, and its colour and size not. */
export function addressOfLarge(random: () => number): { readonly path: string; readonly width: number } {
  const [x, y, width] = [1_000, 800, 100].map((most) => Math.floor(random() * most)) as [number, number, number];
  return { path: `/iiif/3/${encodeURIComponent(LARGE)}/${x},${y},700,700/${width + 20},/0/default.jpg`, width: width + 20 };
}

/** Null where it is a picture of that width, whole, and of the one colour that it can have. */
export async function findFault(bytes: Uint8Array, width: number): Promise<string | null> {
  try {
    const { data, info } = await sharp(bytes, { failOn: 'warning' }).raw().toBuffer({ resolveWithObject: true });
    if (info.width !== width) return `is ${info.width} pixels wide and not ${width}`;
    const isRight = [0x22, 0x66, 0xaa].every((value, channel) => {
      for (let at = channel; at < data.length; at += 3) if (Math.abs((data[at] ?? 0) - value) > 6) return false;
      return true;
    });
    return isRight ? null : 'has another colour';
  } catch (error) {
    return `cannot be decoded: ${String(error)}`;
  }
}

function addresses(): readonly string[] {
  return ITEMS.flatMap((item) => WIDTHS.map((width) => `/iiif/3/${encodeURIComponent(item)}/10,10,310,290/${width},/0/default.jpg`));
}
