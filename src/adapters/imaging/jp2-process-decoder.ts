/** JPEG 2000 by `opj_decompress`, in a process that may die. It reads a region at a reduced resolution, and applies a profile itself. */
import { execFile } from 'node:child_process';
import { readFile, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Jp2Decoder, reducedSize, toEightBits } from './jp2-decoder.ts';
import { makeFolder } from './jp2-folders.ts';
import { Jp2Error, type Jp2Header } from './jp2-header.ts';
import { parsePnm } from './parse-pnm.ts';
import type { Raster, Rect } from './raster.ts';

const run = promisify(execFile);
const PROGRAM = 'opj_decompress';
/** Pixels that one run may decode: the process holds 16 bytes for each. */
const BAND_PIXELS = 16_000_000;

/** Whether the program can be started here. Asked once. */
export const hasOpjDecompress: () => Promise<boolean> = once(async () => {
  try {
    await run(PROGRAM, ['-h'], { timeout: 10_000 });
    return true;
  } catch (error) {
    // Its help ends with a status of 1.
    return (error as { code?: unknown }).code !== 'ENOENT' && (error as { code?: unknown }).code !== 'EACCES';
  }
});

export function createJp2ProcessDecoder(timeLimitSeconds: number): Jp2Decoder {
  return {
    readsRegions: () => true,
    async decode(file, header, rect, reduce) {
      const deadline = Date.now() + timeLimitSeconds * 1000;
      const bands = bandsOf(rect, reduce);
      const parts: Raster[] = [];
      for (const band of bands) parts.push(await decodeBand(file, header, band, reduce, deadline - Date.now()));
      return stack(parts);
    },
  };
}

/** Strips of the rectangle from the top, cut where all resolutions have a pixel boundary. */
function bandsOf(rect: Rect, reduce: number): readonly Rect[] {
  const grid = 2 ** Math.max(reduce, 6);
  const rows = Math.max(grid, Math.floor((BAND_PIXELS * 4 ** reduce) / rect.width / grid) * grid);
  const bands: Rect[] = [];
  for (let y = rect.y; y < rect.y + rect.height; ) {
    const end = Math.min(rect.y + rect.height, Math.floor(y / grid) * grid + rows);
    bands.push({ ...rect, y, height: end - y });
    y = end;
  }
  return bands;
}

async function decodeBand(file: string, header: Jp2Header, rect: Rect, reduce: number, milliseconds: number): Promise<Raster> {
  if (milliseconds <= 0) throw new Error('timeout before the last part was decoded');
  const folder = await makeFolder();
  try {
    // The program trusts the name's ending; the link has one that is right.
    const source = path.join(folder, header.offset === 0 ? 'source.j2k' : 'source.jp2');
    const output = path.join(folder, 'pixels.pnm');
    await symlink(path.resolve(file), source);
    await decompress(argumentsFor(source, output, header, rect, reduce), milliseconds);
    const { data, width, height, channels } = toRaster(await readFile(output));
    const expected = reducedSize(header, rect, reduce);
    if (width !== expected.width || height !== expected.height) throw new Jp2Error(`${PROGRAM} made ${width} x ${height} pixels`);
    return { data, width, height, channels };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function argumentsFor(source: string, output: string, { codestream }: Jp2Header, rect: Rect, reduce: number): readonly string[] {
  const [x, y] = [codestream.x0 + rect.x, codestream.y0 + rect.y];
  const area = `${x},${y},${x + rect.width},${y + rect.height}`;
  const upsample = codestream.components.some(({ dx, dy }) => dx !== 1 || dy !== 1) ? ['-upsample'] : [];
  return ['-i', source, '-o', output, '-d', area, '-r', String(reduce), '-quiet', ...upsample];
}

async function decompress(args: readonly string[], milliseconds: number): Promise<void> {
  try {
    await run(PROGRAM, args, { timeout: milliseconds, killSignal: 'SIGKILL', maxBuffer: 1024 * 1024 });
  } catch (error) {
    const { killed, stderr, stdout, message } = error as { killed?: boolean; stderr?: string; stdout?: string; message: string };
    if (killed === true) throw new Error(`timeout of ${PROGRAM}`, { cause: error });
    throw new Jp2Error(`${PROGRAM}: ${(stderr || stdout || message).trim().slice(0, 500)}`, { cause: error });
  }
}

function toRaster(bytes: Buffer): Raster {
  const pnm = parsePnm(bytes);
  if (pnm === null || pnm.channels < 1 || pnm.channels > 4) throw new Jp2Error(`${PROGRAM} wrote no picture`);
  const { width, height, maximum, offset } = pnm;
  const channels = pnm.channels as Raster['channels'];
  const samples = bytes.subarray(offset);
  if (maximum === 255) return { data: samples, width, height, channels };
  if (maximum < 255) return { data: toEightBits(samples, maximum), width, height, channels };
  const wide = Uint16Array.from({ length: samples.length / 2 }, (_, i) => samples.readUInt16BE(i * 2));
  return { data: toEightBits(wide, maximum), width, height, channels };
}

function stack(parts: readonly Raster[]): Raster {
  const [first] = parts;
  if (first === undefined) throw new Jp2Error('Nothing was decoded');
  if (parts.length === 1) return first;
  const height = parts.reduce((sum, part) => sum + part.height, 0);
  const data = new Uint8Array(first.width * height * first.channels);
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return { ...first, data, height };
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null;
  return () => (answer ??= ask());
}
