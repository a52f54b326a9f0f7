import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK_BYTES, createBlockReads } from './block-reads.ts';
import { bytesInMemory } from './read-bytes.ts';

const FILE = Uint8Array.from({ length: 3 * BLOCK_BYTES + 100 }, (_, at) => (at * 31) ^ (at >> 8));

function counted(file: Uint8Array) {
  const reads: number[] = [];
  const bytes = bytesInMemory(file);
  const read = (offset: number, length: number): Promise<Uint8Array> => {
    reads.push(offset);
    return bytes.read(offset, length);
  };
  return { reads, bytes: { size: bytes.size, read } };
}

describe('reads in blocks', () => {
  it('give the bytes of the file, wherever they lie', async () => {
    const place = fc.nat(FILE.length).chain((offset) => fc.tuple(fc.constant(offset), fc.nat(Math.min(50_000, FILE.length - offset))));
    const bytes = createBlockReads(2 * BLOCK_BYTES).over(bytesInMemory(FILE));
    await fc.assert(
      fc.asyncProperty(place, async ([offset, length]) => {
        expect(Buffer.compare(await bytes.read(offset, length), FILE.subarray(offset, offset + length))).toBe(0);
      }),
    );
  });

  it('read a block once for what lies in it, and large pieces past them', async () => {
    const { bytes, reads } = counted(FILE);
    const inBlocks = createBlockReads(4 * BLOCK_BYTES).over(bytes);
    await Promise.all([inBlocks.read(10, 100), inBlocks.read(5_000, 6_000), inBlocks.read(BLOCK_BYTES - 10, 20)]);
    expect(reads).toEqual([0, BLOCK_BYTES]);
    await inBlocks.read(10, 40_000);
    expect(reads).toEqual([0, BLOCK_BYTES, 10]);
  });

  it('do not mix up files, and hold no more than they may', async () => {
    const blocks = createBlockReads(BLOCK_BYTES);
    const [one, other] = [counted(FILE), counted(FILE.slice().fill(7))];
    const [ofOne, ofOther] = [blocks.over(one.bytes), blocks.over(other.bytes)];
    expect((await ofOne.read(1, 1))[0]).toBe(FILE[1]);
    expect((await ofOther.read(1, 1))[0]).toBe(7);
    expect((await ofOne.read(1, 1))[0]).toBe(FILE[1]);
    expect(one.reads).toEqual([0, 0]);
  });

  it('are not kept where they failed, and refuse what is not in the file', async () => {
    let fails = true;
    const bytes = createBlockReads(BLOCK_BYTES).over({
      size: FILE.length,
      read: async (offset, length) => {
        if (fails) throw new Error('no disk');
        return FILE.subarray(offset, offset + length);
      },
    });
    await expect(bytes.read(1, 1)).rejects.toThrow('no disk');
    fails = false;
    expect((await bytes.read(1, 1))[0]).toBe(FILE[1]);
    await expect(createBlockReads(1).over(bytesInMemory(FILE)).read(FILE.length, 1)).rejects.toThrow();
  });
});
