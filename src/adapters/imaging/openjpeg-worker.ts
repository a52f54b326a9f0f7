/** Runs in a process of its own: OpenJPEG in WebAssembly. Started by `openjpeg-worker-host.ts`, with one task at a time. */
import { createRequire } from 'node:module';
import type { OpenjpegAnswer, OpenjpegTask } from './openjpeg-task.ts';

interface Decoder {
  getEncodedBuffer(length: number): Uint8Array;
  decodeSubResolution(level: number, layer: number): void;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): { width: number; height: number; bitsPerSample: number; componentCount: number; isSigned: boolean };
  delete(): void;
}

interface Encoder {
  getDecodedBuffer(info: { width: number; height: number; bitsPerSample: number; componentCount: number; isSigned: boolean }): Uint8Array;
  getEncodedBuffer(): Uint8Array;
  setDecompositions(count: number): void;
  setQuality(lossless: boolean, layers: number): void;
  setCompressionRatio(layer: number, ratio: number): void;
  setImageOffset(offset: { x: number; y: number }): void;
  encode(): void;
  delete(): void;
}

interface Openjpeg {
  readonly J2KDecoder: new () => Decoder;
  readonly J2KEncoder: new () => Encoder;
  readonly HEAPU8: Uint8Array;
}

type LoadOpenjpeg = (options: { print(line: string): void; printErr(line: string): void }) => Promise<Openjpeg>;

/**
 * The encoder writes into a buffer as large as the picture, and never checks. A side that is shorter than this is therefore put at an
 * offset on a larger reference grid, which makes the buffer large enough for the headers.
 */
const ROOM_PIXELS = 64;

const messages: string[] = [];
const load: LoadOpenjpeg = createRequire(import.meta.url)('@cornerstonejs/codec-openjpeg/wasmjs');
const library = load({ print: (line) => messages.push(line), printErr: (line) => messages.push(line) });

// A signal that ends the server often goes to all of its processes: answers under way are waited for, and the server ends this process itself.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);
process.on('message', async (task: OpenjpegTask) => {
  messages.length = 0;
  const openjpeg = await library;
  process.send?.(perform(openjpeg, task));
});

/** What the library throws is told; the host ends a process that failed. */
function perform(openjpeg: Openjpeg, task: OpenjpegTask): OpenjpegAnswer {
  try {
    return task.kind === 'decode' ? decode(openjpeg, task) : encode(openjpeg, task);
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
}

function decode(openjpeg: Openjpeg, { bytes, reduce }: Extract<OpenjpegTask, { kind: 'decode' }>): OpenjpegAnswer {
  const decoder = new openjpeg.J2KDecoder();
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decodeSubResolution(reduce, 0);
    const error = messages.find((line) => line.includes('[ERROR]'));
    if (error !== undefined) return failed(error);
    const info = decoder.getFrameInfo();
    const data = new Uint8Array(decoder.getDecodedBuffer());
    if (data.length === 0) return failed('nothing was decoded');
    return {
      kind: 'done',
      data,
      channels: info.componentCount,
      depth: info.bitsPerSample,
      signed: Boolean(info.isSigned),
      memoryBytes: openjpeg.HEAPU8?.length ?? 0,
    };
  } finally {
    decoder.delete();
  }
}

function encode(openjpeg: Openjpeg, task: Extract<OpenjpegTask, { kind: 'encode' }>): OpenjpegAnswer {
  const { pixels, width, height, channels, ratio, decompositions } = task;
  const offset = { x: width < ROOM_PIXELS ? ROOM_PIXELS : 0, y: height < ROOM_PIXELS ? ROOM_PIXELS : 0 };
  const encoder = new openjpeg.J2KEncoder();
  try {
    const info = { width: width + offset.x, height: height + offset.y, bitsPerSample: 8, componentCount: channels, isSigned: false };
    encoder.getDecodedBuffer(info).set(pixels);
    encoder.setDecompositions(decompositions);
    encoder.setQuality(false, 1);
    encoder.setCompressionRatio(0, ratio);
    encoder.setImageOffset(offset);
    encoder.encode();
    const error = messages.find((line) => /ERROR|failed/.test(line));
    if (error !== undefined) return failed(error);
    return {
      kind: 'done',
      data: encoder.getEncodedBuffer().slice(),
      channels,
      depth: 8,
      signed: false,
      memoryBytes: openjpeg.HEAPU8?.length ?? 0,
    };
  } finally {
    encoder.delete();
  }
}

function failed(why: string): OpenjpegAnswer {
  return { kind: 'failed', why };
}
