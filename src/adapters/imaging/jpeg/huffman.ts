/** Huffman codes of JPEG. ITU-T T.81, annexes C and F. */
import { type HuffmanSpecification, JpegError } from './segments.ts';

/** Codes of at most so many bits are found in one step. */
export const QUICK_BITS = 9;

/** For reading: what the next bits stand for. */
export interface HuffmanDecoder {
  /** By the next `QUICK_BITS` bits: length of the code << 8 | symbol; 0 where the code is longer. */
  readonly quick: Uint16Array;
  /** By length: the last code of it, -1 where there is none; and what must be added to a code for its symbol's position. */
  readonly last: Int32Array;
  readonly offset: Int32Array;
  readonly symbols: Uint8Array;
}

/** For writing: by symbol, the code and its length; a length of 0 for what has none. */
export interface HuffmanEncoder {
  readonly codes: Uint16Array;
  readonly lengths: Uint8Array;
}

/** Of tables that all tiles of a picture share, made once. */
const decoders = new WeakMap<HuffmanSpecification, HuffmanDecoder>();
const encoders = new WeakMap<HuffmanSpecification, HuffmanEncoder>();

/** @throws JpegError where there are more codes than a length can hold. */
export function decoderOf(table: HuffmanSpecification): HuffmanDecoder {
  const decoder = decoders.get(table) ?? createDecoder(table);
  decoders.set(table, decoder);
  return decoder;
}

/** @throws JpegError where there are more codes than a length can hold. */
export function encoderOf(table: HuffmanSpecification): HuffmanEncoder {
  const encoder = encoders.get(table) ?? createEncoder(table);
  encoders.set(table, encoder);
  return encoder;
}

function createDecoder({ counts, symbols }: HuffmanSpecification): HuffmanDecoder {
  const quick = new Uint16Array(1 << QUICK_BITS);
  const last = new Int32Array(17).fill(-1);
  const offset = new Int32Array(17);
  eachCode({ counts, symbols }, (code, length, position) => {
    last[length] = code;
    offset[length] = position - code;
    if (length > QUICK_BITS) return;
    const spread = 1 << (QUICK_BITS - length);
    quick.fill((length << 8) | (symbols[position] ?? 0), code * spread, (code + 1) * spread);
  });
  return { quick, last, offset, symbols };
}

function createEncoder({ counts, symbols }: HuffmanSpecification): HuffmanEncoder {
  const codes = new Uint16Array(256);
  const lengths = new Uint8Array(256);
  eachCode({ counts, symbols }, (code, length, position) => {
    codes[symbols[position] ?? 0] = code;
    lengths[symbols[position] ?? 0] = length;
  });
  return { codes, lengths };
}

/** T.81 C.2: codes of one length follow each other, and the next length begins where they end. */
function eachCode({ counts }: HuffmanSpecification, use: (code: number, length: number, position: number) => void): void {
  let code = 0;
  let position = 0;
  for (let length = 1; length <= 16; length++) {
    for (let i = counts[length - 1] ?? 0; i > 0; i--) {
      if (code >= 1 << length) throw new JpegError('A Huffman table has more codes than there are');
      use(code, length, position);
      code += 1;
      position += 1;
    }
    code <<= 1;
  }
}

/**
 * Codes for every size that the difference of two DC coefficients of 8-bit samples can have: the typical tables of
 * T.81 K.3.1 for luminance and chrominance, in which none is missing as it may be in tables made for one picture.
 */
export const DC_LUMINANCE: HuffmanSpecification = {
  counts: Uint8Array.of(0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0),
  symbols: Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
};
export const DC_CHROMINANCE: HuffmanSpecification = {
  counts: Uint8Array.of(0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0),
  symbols: Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
};
