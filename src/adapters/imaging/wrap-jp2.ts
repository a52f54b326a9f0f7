/** Puts a codestream into a JP2 file. ITU-T T.800 annex I. */
import { ascii, concat } from './bytes.ts';

export interface Jp2Wrapping {
  readonly width: number;
  readonly height: number;
  /** Components of the codestream. */
  readonly components: number;
  readonly depth: number;
  readonly colour: 'srgb' | 'gray' | 'sycc' | 'cmyk';
  /** Instead of an enumerated colour space. */
  readonly profile: Uint8Array | null;
  /** Whether the last channel is opacity. */
  readonly alpha: boolean;
  /**
   * Only these components become channels, in this order. It is written as a component mapping with direct use (I.5.3.5) beside a palette
   * of one entry that nothing refers to: a decoder then hands out just these components.
   */
  readonly select?: readonly number[];
}

const COLOUR_SPACES = { cmyk: 12, srgb: 16, gray: 17, sycc: 18 } as const;

export function wrapJp2(codestream: Uint8Array, wrapping: Jp2Wrapping): Uint8Array {
  const { width, height, components, depth, colour, profile, alpha, select } = wrapping;
  const header = [
    box('ihdr', [u32(height), u32(width), u16(components), Uint8Array.of(depth - 1, 7, 0, 0)]),
    profile === null ? box('colr', [Uint8Array.of(1, 0, 0), u32(COLOUR_SPACES[colour])]) : box('colr', [Uint8Array.of(2, 0, 0), profile]),
    ...(select === undefined ? [] : selection(select, depth)),
    ...(alpha && select === undefined ? [channelDefinition(components)] : []),
  ];
  return concat([
    box('jP  ', [Uint8Array.of(0x0d, 0x0a, 0x87, 0x0a)]),
    box('ftyp', [ascii('jp2 '), u32(0), ascii('jp2 ')]),
    box('jp2h', header),
    box('jp2c', [codestream]),
  ]);
}

function selection(select: readonly number[], depth: number): Uint8Array[] {
  const sizes = Uint8Array.from(select, () => depth - 1);
  const entry = new Uint8Array(select.length * (depth > 8 ? 2 : 1));
  return [
    box('pclr', [u16(1), Uint8Array.of(select.length), sizes, entry]),
    box(
      'cmap',
      select.map((component) => concat([u16(component), Uint8Array.of(0, 0)])),
    ),
  ];
}

/** Colour channels in their order, then opacity for the whole picture. */
function channelDefinition(components: number): Uint8Array {
  const rows = Array.from({ length: components }, (_, i) => {
    const last = i === components - 1;
    return concat([u16(i), u16(last ? 1 : 0), u16(last ? 0 : i + 1)]);
  });
  return box('cdef', [u16(components), ...rows]);
}

function box(type: string, parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 8);
  return concat([u32(length), ascii(type), ...parts]);
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value & 0xff);
}

function u32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}
