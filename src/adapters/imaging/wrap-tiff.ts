/** Puts pixels into an uncompressed TIFF, so that libvips learns their depth, colour model and profile. TIFF 6.0 sections 2 to 8. */
export interface WrappedPixels {
  /** Interleaved; 16-bit samples in the machine's own order (little-endian). */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly depth: 8 | 16;
  readonly colour: 'gray' | 'rgb' | 'cmyk';
  /** Whether the last channel is opacity, not premultiplied. */
  readonly alpha: boolean;
  readonly profile: Uint8Array | null;
}

const PHOTOMETRIC = { gray: 1, rgb: 2, cmyk: 5 } as const;
const SHORT = 3;
const LONG = 4;
const UNDEFINED = 7;

export function wrapTiff(pixels: WrappedPixels): Buffer {
  const { data, width, height, channels, depth, profile } = pixels;
  const entries: Array<readonly [tag: number, type: number, count: number, value: number]> = [
    [256, LONG, 1, width],
    [257, LONG, 1, height],
    [258, SHORT, channels, 0],
    [259, SHORT, 1, 1],
    [262, SHORT, 1, PHOTOMETRIC[pixels.colour]],
    [273, LONG, 1, 0],
    [277, SHORT, 1, channels],
    [278, LONG, 1, height],
    [279, LONG, 1, data.length],
    [284, SHORT, 1, 1],
    ...(pixels.alpha ? [[338, SHORT, 1, 2] as const] : []),
    ...(profile === null ? [] : [[34675, UNDEFINED, profile.length, 0] as const]),
  ];
  const bitsAt = 8 + 2 + entries.length * 12 + 4;
  const profileAt = bitsAt + channels * 2;
  const pixelsAt = (profileAt + (profile?.length ?? 0) + 15) & ~15;
  const out = Buffer.alloc(pixelsAt + data.length);
  out.write('II*\0', 0, 'latin1');
  out.writeUInt32LE(8, 4);
  out.writeUInt16LE(entries.length, 8);
  entries.forEach(([tag, type, count, value], i) => {
    const at = 10 + i * 12;
    out.writeUInt16LE(tag, at);
    out.writeUInt16LE(type, at + 2);
    out.writeUInt32LE(count, at + 4);
    if (tag === 258) writeBits(out, at + 8, channels, depth, bitsAt);
    else if (tag === 273) out.writeUInt32LE(pixelsAt, at + 8);
    else if (tag === 34675) out.writeUInt32LE(profileAt, at + 8);
    else if (type === SHORT) out.writeUInt16LE(value, at + 8);
    else out.writeUInt32LE(value, at + 8);
  });
  for (let i = 0; i < channels; i++) out.writeUInt16LE(depth, bitsAt + i * 2);
  if (profile !== null) out.set(profile, profileAt);
  out.set(data, pixelsAt);
  return out;
}

/** Up to two numbers fit into the entry itself. */
function writeBits(out: Buffer, at: number, channels: number, depth: number, bitsAt: number): void {
  if (channels > 2) {
    out.writeUInt32LE(bitsAt, at);
    return;
  }
  for (let i = 0; i < channels; i++) out.writeUInt16LE(depth, at + i * 2);
}
