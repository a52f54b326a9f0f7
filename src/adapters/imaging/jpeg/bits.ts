/** Bits of entropy-coded data. ITU-T T.81 F.2.2.5 (reading) and B.1.1.5 (a byte of ones is followed by one of zeros). */
import { type HuffmanDecoder, QUICK_BITS } from './huffman.ts';
import { JpegError } from './segments.ts';

/** Reads bits, most significant first. Past the end of the data, or at a marker, come zeros, as every decoder has it. */
export class BitReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;
  #bits = 0;
  #count = 0;
  /** Zeros that were made up: a few belong to padding, more mean that the data is cut off. */
  #madeUp = 0;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  /** The symbol of the next code. */
  symbol(decoder: HuffmanDecoder): number {
    if (this.#count < 16) this.#fill();
    const found = decoder.quick[(this.#bits >>> (this.#count - QUICK_BITS)) & ((1 << QUICK_BITS) - 1)] as number;
    if (found !== 0) {
      this.#count -= found >> 8;
      return found & 255;
    }
    return this.#longSymbol(decoder);
  }

  /** The next `length` bits, at most 16, as a number. */
  take(length: number): number {
    if (length === 0) return 0;
    if (this.#count < length) this.#fill();
    this.#count -= length;
    return (this.#bits >>> this.#count) & ((1 << length) - 1);
  }

  /** Leaves the rest of the byte, and the restart marker that must follow. */
  restart(): void {
    this.#bits = 0;
    this.#count = 0;
    const marker = this.#bytes[this.#at + 1] ?? 0;
    if (this.#at + 1 >= this.#end || this.#bytes[this.#at] !== 0xff || (marker & 0xf8) !== 0xd0)
      throw new JpegError('A restart marker is missing');
    this.#at += 2;
  }

  #longSymbol(decoder: HuffmanDecoder): number {
    for (let length = QUICK_BITS + 1; length <= 16; length++) {
      const code = (this.#bits >>> (this.#count - length)) & ((1 << length) - 1);
      const last = decoder.last[length] as number;
      if (last >= 0 && code <= last) {
        this.#count -= length;
        return decoder.symbols[code + (decoder.offset[length] as number)] ?? 0;
      }
    }
    throw new JpegError('A code stands for nothing');
  }

  /** At least 24 bits, so that a code or a number of 16 can be taken. */
  #fill(): void {
    while (this.#count <= 24) {
      let byte = 0;
      if (this.#at < this.#end) {
        byte = this.#bytes[this.#at] as number;
        if (byte !== 0xff) this.#at += 1;
        else if (this.#bytes[this.#at + 1] === 0) this.#at += 2;
        else byte = this.#nothing();
      } else byte = this.#nothing();
      this.#bits = (this.#bits << 8) | byte;
      this.#count += 8;
    }
  }

  #nothing(): number {
    this.#madeUp += 1;
    if (this.#madeUp > 1024) throw new JpegError('The data is cut off');
    return 0;
  }
}

/** Writes bits, most significant first, into bytes that grow. */
export class BitWriter {
  #bytes: Uint8Array;
  #at: number;
  #bits = 0;
  #count = 0;

  /** Begins after `head`. */
  constructor(head: Uint8Array, expectedBytes: number) {
    this.#bytes = new Uint8Array(head.length + expectedBytes + 64);
    this.#bytes.set(head);
    this.#at = head.length;
  }

  /** The lowest `length` bits of `value`, at most 24. */
  write(value: number, length: number): void {
    this.#bits = (this.#bits << length) | value;
    this.#count += length;
    while (this.#count >= 8) {
      this.#count -= 8;
      this.#byte((this.#bits >>> this.#count) & 255);
    }
  }

  /** Fills the last byte with ones and writes the end of the image. */
  end(): Uint8Array {
    if (this.#count > 0) this.write((1 << (8 - this.#count)) - 1, 8 - this.#count);
    this.#grow(2);
    this.#bytes[this.#at++] = 0xff;
    this.#bytes[this.#at++] = 0xd9;
    return this.#bytes.subarray(0, this.#at);
  }

  #byte(byte: number): void {
    this.#grow(2);
    this.#bytes[this.#at++] = byte;
    if (byte === 0xff) this.#bytes[this.#at++] = 0;
  }

  #grow(by: number): void {
    if (this.#at + by <= this.#bytes.length) return;
    const larger = new Uint8Array(this.#bytes.length * 2);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
