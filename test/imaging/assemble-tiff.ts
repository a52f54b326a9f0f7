/** A directory as it shall stand in a file. Numbers are written as they are; blocks are put into the file, and their places written. */
export interface RawDirectory {
  readonly entries: ReadonlyArray<readonly [tag: number, type: number, value: readonly number[] | Buffer | Blocks]>;
  readonly sub?: readonly RawDirectory[];
}

/** What an entry points to. */
export interface Blocks {
  readonly blocks: readonly Buffer[];
}

export interface TiffKind {
  readonly bigEndian?: boolean;
  /** BigTIFF. */
  readonly big?: boolean;
}

const SHORT = 3;
const BYTES_OF: Readonly<Record<number, 1 | 2 | 4 | 8>> = { 1: 1, 3: 2, 4: 4, 7: 1, 13: 4, 16: 8, 18: 8 };

/** A TIFF with shapes that no library writes on request. */
export function assembleTiff(directories: readonly RawDirectory[], { bigEndian = false, big = false }: TiffKind = {}): Buffer {
  const out: Buffer[] = [];
  let at = 0;
  const number = (value: number, bytes: 1 | 2 | 4 | 8): Buffer => {
    const buffer = Buffer.alloc(bytes);
    if (bytes === 8) buffer.writeBigUInt64LE(BigInt(value));
    else buffer.writeUIntLE(value, 0, bytes);
    return bigEndian ? buffer.reverse() : buffer;
  };
  const wide = big ? 8 : 4;
  const put = (bytes: Buffer): number => {
    const offset = at;
    const padded = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);
    out.push(padded);
    at += padded.length;
    return offset;
  };
  const order = Buffer.from(bigEndian ? 'MM' : 'II');
  const head = big
    ? Buffer.concat([order, number(43, 2), number(8, 2), number(0, 2), number(0, 8)])
    : Buffer.concat([order, number(42, 2), number(0, 4)]);
  put(head);

  /** Answers where the directory is, and where its pointer to the next one has to be written. */
  const write = ({ entries, sub = [] }: RawDirectory): { offset: number; next: { chunk: Buffer; at: number } } => {
    const subs = sub.map((each) => write(each).offset);
    const all = subs.length === 0 ? entries : [...entries, [330, big ? 18 : 4, subs] as const];
    const rows = [...all]
      .sort(([a], [b]) => a - b)
      .map(([tag, type, value]) => {
        const numbers = Buffer.isBuffer(value) ? null : 'blocks' in value ? value.blocks.map(put) : value;
        const each = BYTES_OF[type] ?? 1;
        const data = numbers === null ? (value as Buffer) : Buffer.concat(numbers.map((one) => number(one, each)));
        const field = data.length <= wide ? Buffer.concat([data, Buffer.alloc(wide - data.length)]) : number(put(data), wide);
        return Buffer.concat([number(tag, 2), number(type, 2), number(data.length / each, wide), field]);
      });
    const chunk = Buffer.concat([number(rows.length, big ? 8 : 2), ...rows, number(0, wide)]);
    const offset = put(chunk);
    return { offset, next: { chunk: out.at(-1) ?? chunk, at: chunk.length - wide } };
  };

  let pointer = { chunk: out[0] ?? head, at: big ? 8 : 4 };
  for (const directory of directories) {
    const { offset, next } = write(directory);
    number(offset, wide).copy(pointer.chunk, pointer.at);
    pointer = next;
  }
  return Buffer.concat(out);
}

/** What every directory says, with as many bits in each sample. */
export function basics(width: number, height: number, compression: number, photometric: number, samples = 3): RawDirectory['entries'] {
  return [
    [256, 4, [width]],
    [257, 4, [height]],
    [258, SHORT, Array.from({ length: samples }, () => 8)],
    [259, SHORT, [compression]],
    [262, SHORT, [photometric]],
    [277, SHORT, [samples]],
    [284, SHORT, [1]],
  ];
}

/** Square tiles, coded already. `type` 4 or, of BigTIFF, 16. */
export function tiles(side: number, blocks: readonly Buffer[], type = 4): RawDirectory['entries'] {
  return [
    [322, SHORT, [side]],
    [323, SHORT, [side]],
    [324, type, { blocks }],
    [325, type, blocks.map((block) => block.length)],
  ];
}

export function strips(rows: number, blocks: readonly Buffer[], type = 4): RawDirectory['entries'] {
  return [
    [273, type, { blocks }],
    [278, 4, [rows]],
    [279, type, blocks.map((block) => block.length)],
  ];
}
