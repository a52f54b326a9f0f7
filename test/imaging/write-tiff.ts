import type { Picture } from './pictures.ts';

/** A directory to be written by hand: uncompressed RGB, in one strip or in square tiles. */
export interface Directory {
  readonly picture: Picture;
  readonly tile?: number;
  readonly subfileType?: number;
  readonly sub?: readonly Directory[];
}

type Entry = readonly [tag: number, type: number, values: readonly number[]];

/** A TIFF with shapes that no library writes on request. */
export function writeTiff(directories: readonly Directory[], { bigEndian = false } = {}): Buffer {
  const out: Buffer[] = [];
  let at = 0;
  const u16 = (value: number) => {
    const bytes = Buffer.alloc(2);
    if (bigEndian) bytes.writeUInt16BE(value);
    else bytes.writeUInt16LE(value);
    return bytes;
  };
  const u32 = (value: number) => {
    const bytes = Buffer.alloc(4);
    if (bigEndian) bytes.writeUInt32BE(value);
    else bytes.writeUInt32LE(value);
    return bytes;
  };
  const put = (bytes: Buffer): number => {
    const offset = at;
    const padded = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);
    out.push(padded);
    at += padded.length;
    return offset;
  };

  const head = Buffer.concat([Buffer.from(bigEndian ? 'MM' : 'II'), u16(42), u32(0)]);
  put(head);

  /** Writes a directory and answers where it is, and where its pointer to the next one has to be written. */
  const write = (directory: Directory): { offset: number; next: { chunk: Buffer; at: number } } => {
    const { picture, tile, subfileType = 0 } = directory;
    const subs = (directory.sub ?? []).map((each) => write(each).offset);
    const blocks = tile === undefined ? [Buffer.from(picture.data)] : tilesOf(picture, tile);
    const offsets = blocks.map(put);
    const entries: Entry[] = [
      [254, 4, [subfileType]],
      [256, 4, [picture.width]],
      [257, 4, [picture.height]],
      [258, 3, [8, 8, 8]],
      [259, 3, [1]],
      [262, 3, [2]],
      ...(tile === undefined ? [[273, 4, offsets] as const] : []),
      [277, 3, [3]],
      ...(tile === undefined
        ? ([
            [278, 4, [picture.height]],
            [279, 4, blocks.map((block) => block.length)],
          ] as const)
        : ([
            [322, 4, [tile]],
            [323, 4, [tile]],
            [324, 4, offsets],
            [325, 4, blocks.map((block) => block.length)],
          ] as const)),
      ...(subs.length > 0 ? [[330, 4, subs] as const] : []),
    ];
    const rows = entries.map(([tag, type, values]) => {
      const data = Buffer.concat(values.map((value) => (type === 3 ? u16(value) : u32(value))));
      const field = data.length <= 4 ? Buffer.concat([data, Buffer.alloc(4 - data.length)]) : u32(put(data));
      return Buffer.concat([u16(tag), u16(type), u32(values.length), field]);
    });
    const chunk = Buffer.concat([u16(entries.length), ...rows, u32(0)]);
    const offset = put(chunk);
    return { offset, next: { chunk: out.at(-1) ?? chunk, at: chunk.length - 4 } };
  };

  let pointer = { chunk: out[0] ?? head, at: 4 };
  for (const directory of directories) {
    const { offset, next } = write(directory);
    u32(offset).copy(pointer.chunk, pointer.at);
    pointer = next;
  }
  return Buffer.concat(out);
}

function tilesOf({ data, width, height }: Picture, tile: number): Buffer[] {
  const tiles: Buffer[] = [];
  for (let y = 0; y < height; y += tile) {
    for (let x = 0; x < width; x += tile) {
      const block = Buffer.alloc(tile * tile * 3);
      for (let row = 0; row < Math.min(tile, height - y); row++) {
        const from = ((y + row) * width + x) * 3;
        block.set(data.subarray(from, from + Math.min(tile, width - x) * 3), row * tile * 3);
      }
      tiles.push(block);
    }
  }
  return tiles;
}
