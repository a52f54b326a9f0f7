import { bytesWithHeadroom } from '../../lib/headroom.ts';
import { completeTile } from './jpeg/join-tiles.ts';
import { parseJpegStream } from './jpeg/segments.ts';
import type { BytesAtOnce } from './open-files.ts';
import { isTileLength, type JpegTileIndex } from './tiff-tile-index.ts';

/** How the tiles of a directory begin as they are stored, and as they leave. One writer begins all of them alike. */
interface Beginning {
  readonly profile: Uint8Array | null;
  readonly stored: Uint8Array;
  readonly complete: Uint8Array;
}

const beginnings = new WeakMap<JpegTileIndex, Beginning>();

const EOI = 0xd9;

/**
 * A whole tile, complete, read straight to its place behind the head that others of its directory have. Null where it
 * cannot be read. @throws JpegError where it is broken.
 */
export function completeLikeOthers(index: JpegTileIndex, place: number, profile: Uint8Array | null, bytes: BytesAtOnce): Uint8Array | null {
  const [offset, length] = [index.offsets[place] ?? 0, index.byteCounts[place] ?? 0];
  if (!isTileLength(length)) return null;
  const known = beginnings.get(index);
  if (known !== undefined && known.profile === profile && known.stored.length < length && known.stored.length <= known.complete.length) {
    const room = known.complete.length - known.stored.length;
    const whole = bytesWithHeadroom(room + length);
    if (!bytes.readInto(whole, room, offset, length)) return null;
    if (beginsWith(whole, room, known.stored) && endsAsImage(whole)) {
      whole.set(known.complete);
      return whole;
    }
    return completeAlone(index, whole.subarray(room), profile);
  }
  const tile = Buffer.allocUnsafeSlow(length);
  return bytes.readInto(tile, 0, offset, length) ? completeAlone(index, tile, profile) : null;
}

function completeAlone(index: JpegTileIndex, tile: Uint8Array, profile: Uint8Array | null): Uint8Array {
  const complete = completeTile({ tables: index.tables, tiles: [tile], tile: index.tile, colour: index.colour, profile });
  const { dataStart, dataEnd } = parseJpegStream(tile, index.tables);
  const headBytes = complete.length - (dataEnd - dataStart) - 2;
  beginnings.set(index, {
    profile,
    stored: Uint8Array.from(tile.subarray(0, dataStart)),
    complete: Uint8Array.from(complete.subarray(0, headBytes)),
  });
  return complete;
}

function beginsWith(bytes: Uint8Array, at: number, beginning: Uint8Array): boolean {
  for (let i = 0; i < beginning.length; i++) if (bytes[at + i] !== beginning[i]) return false;
  return true;
}

/** What stands after the end is none of the image, and is looked for elsewhere. */
function endsAsImage(bytes: Uint8Array): boolean {
  return bytes.at(-2) === 0xff && bytes.at(-1) === EOI;
}
