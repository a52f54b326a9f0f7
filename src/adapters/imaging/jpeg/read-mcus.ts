/** The MCUs of a sequential scan, one after the other. ITU-T T.81 A.2 (order), F.2.2 (coding). */
import { BitReader, type BitWriter } from './bits.ts';
import { decoderOf, type HuffmanDecoder, type HuffmanEncoder } from './huffman.ts';
import { JpegError, type JpegStream } from './segments.ts';

/** How the blocks of one component are coded in a scan. */
export interface BlockCoding {
  /** Blocks in an MCU. */
  readonly blocks: number;
  readonly dc: HuffmanDecoder;
  readonly ac: HuffmanDecoder;
}

/** How they are written: DC anew, because each stands for a difference to the block before; AC as they stood. */
export interface BlockWriting {
  readonly dc: HuffmanEncoder;
  readonly ac: HuffmanEncoder;
}

/** Sides of an MCU in pixels. */
export function mcuSize({ frame }: Pick<JpegStream, 'frame'>): { readonly width: number; readonly height: number } {
  // T.81 A.2.2: a scan of one component has one block in each MCU, whatever its factors are.
  if (frame.components.length === 1) return { width: 8, height: 8 };
  const horizontal = Math.max(...frame.components.map((each) => each.horizontal));
  const vertical = Math.max(...frame.components.map((each) => each.vertical));
  return { width: 8 * horizontal, height: 8 * vertical };
}

/** @throws JpegError where a table is missing. */
export function codingOf({ frame, scan, tables }: JpegStream): readonly BlockCoding[] {
  return scan.map(({ id, dc, ac }) => {
    const component = frame.components.find((each) => each.id === id);
    const [dcTable, acTable] = [tables.dc.get(dc), tables.ac.get(ac)];
    if (component === undefined || dcTable === undefined || acTable === undefined) throw new JpegError('A table of the scan is missing');
    const blocks = frame.components.length === 1 ? 1 : component.horizontal * component.vertical;
    return { blocks, dc: decoderOf(dcTable), ac: decoderOf(acTable) };
  });
}

/** Reads MCUs in their order, and copies them to a writer or passes over them. */
export class McuReader {
  readonly #bits: BitReader;
  readonly #coding: readonly BlockCoding[];
  readonly #predictions: Int32Array;
  readonly #restartInterval: number;
  #untilRestart: number;

  constructor(bytes: Uint8Array, stream: JpegStream, coding: readonly BlockCoding[]) {
    this.#bits = new BitReader(bytes, stream.dataStart, stream.dataEnd);
    this.#coding = coding;
    this.#predictions = new Int32Array(coding.length);
    this.#restartInterval = stream.tables.restartInterval;
    this.#untilRestart = this.#restartInterval;
  }

  /** `predictions`: of the writer, by component. */
  copy(writer: BitWriter, writing: readonly BlockWriting[], predictions: Int32Array): void {
    this.#begin();
    for (let component = 0; component < this.#coding.length; component++) {
      const coding = this.#coding[component] as BlockCoding;
      const to = writing[component] as BlockWriting;
      for (let block = coding.blocks; block > 0; block--) {
        const dc = this.#readDc(coding, component);
        writeDc(writer, to.dc, dc - (predictions[component] as number));
        predictions[component] = dc;
        this.#copyAc(coding.ac, writer, to.ac);
      }
    }
  }

  skip(): void {
    this.#begin();
    for (let component = 0; component < this.#coding.length; component++) {
      const coding = this.#coding[component] as BlockCoding;
      for (let block = coding.blocks; block > 0; block--) {
        this.#readDc(coding, component);
        this.#skipAc(coding.ac);
      }
    }
  }

  #begin(): void {
    if (this.#restartInterval === 0) return;
    if (this.#untilRestart === 0) {
      this.#bits.restart();
      this.#predictions.fill(0);
      this.#untilRestart = this.#restartInterval;
    }
    this.#untilRestart -= 1;
  }

  /** T.81 F.2.2.1 */
  #readDc(coding: BlockCoding, component: number): number {
    const size = this.#bits.symbol(coding.dc);
    if (size > 11) throw new JpegError('A DC difference is too large');
    const bits = this.#bits.take(size);
    const difference = size > 0 && bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits;
    const dc = (this.#predictions[component] as number) + difference;
    this.#predictions[component] = dc;
    return dc;
  }

  /** T.81 F.2.2.2 */
  #copyAc(ac: HuffmanDecoder, writer: BitWriter, to: HuffmanEncoder): void {
    for (let k = 1; k < 64; k++) {
      const symbol = this.#bits.symbol(ac);
      const code = to.codes[symbol] as number;
      const length = to.lengths[symbol] as number;
      const size = symbol & 15;
      if (length + size <= MOST_WRITTEN_BITS) writer.write((code << size) | this.#bits.take(size), length + size);
      else {
        writer.write(code, length);
        writer.write(this.#bits.take(size), size);
      }
      if (size === 0 && symbol !== ZERO_RUN) return;
      k += symbol >> 4;
    }
  }

  #skipAc(ac: HuffmanDecoder): void {
    for (let k = 1; k < 64; k++) {
      const symbol = this.#bits.symbol(ac);
      const size = symbol & 15;
      if (size > 0) this.#bits.take(size);
      else if (symbol !== ZERO_RUN) return;
      k += symbol >> 4;
    }
  }
}

/** Of a `BitWriter`, at once. */
const MOST_WRITTEN_BITS = 24;

/** Sixteen coefficients of zero; any other symbol without bits ends the block. */
const ZERO_RUN = 0xf0;

/** T.81 F.1.2.1 */
function writeDc(writer: BitWriter, encoder: HuffmanEncoder, difference: number): void {
  const size = 32 - Math.clz32(Math.abs(difference));
  const length = encoder.lengths[size] as number;
  if (length === 0) throw new JpegError('A DC difference is too large');
  writer.write(encoder.codes[size] as number, length);
  if (size > 0) writer.write(difference < 0 ? difference + (1 << size) - 1 : difference, size);
}
