/** A stored WebP tile as a file of its own. RFC 9649, sections 2.4 to 2.7. */

const HEAD_BYTES = 30;

/** Null where it is not one still picture of the given size. What stands after its end is cut off. */
export function completeWebp(tile: Uint8Array, size: { readonly width: number; readonly height: number }): Uint8Array | null {
  if (tile.length < HEAD_BYTES || textAt(tile, 0) !== 'RIFF' || textAt(tile, 8) !== 'WEBP') return null;
  const view = new DataView(tile.buffer, tile.byteOffset, tile.byteLength);
  const length = 8 + view.getUint32(4, true);
  const stated = sizeOf(tile, view);
  if (length > tile.length || stated === null || stated.width !== size.width || stated.height !== size.height) return null;
  return tile.subarray(0, length);
}

function sizeOf(tile: Uint8Array, view: DataView): { readonly width: number; readonly height: number } | null {
  switch (textAt(tile, 12)) {
    // RFC 6386, section 9.1
    case 'VP8 ':
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    // RFC 9649, section 3.4
    case 'VP8L': {
      const bits = view.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X': {
      const isAnimated = (view.getUint8(20) & 2) !== 0;
      return isAnimated ? null : { width: (view.getUint32(23, true) >>> 8) + 1, height: (view.getUint32(26, true) >>> 8) + 1 };
    }
    default:
      return null;
  }
}

function textAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
