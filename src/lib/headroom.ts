/** Bytes with room before them, so that what goes before them later needs no copy of them. */

/** More than the head of an answer takes. */
const ROOM_BYTES = 1_024;

/** Buffers whose room nobody has taken yet. */
const free = new WeakSet<ArrayBufferLike>();

/** Bytes to be filled, none of which is known. */
export function bytesWithHeadroom(length: number): Uint8Array {
  const whole = Buffer.allocUnsafeSlow(ROOM_BYTES + length);
  free.add(whole.buffer);
  return whole.subarray(ROOM_BYTES);
}

/** The same bytes with the last `length` bytes of the room before them, which is then taken; null where there is none. */
export function takeHeadroom(bytes: Uint8Array, length: number): Buffer | null {
  if (bytes.byteOffset !== ROOM_BYTES || length > ROOM_BYTES || !free.delete(bytes.buffer)) return null;
  return Buffer.from(bytes.buffer, ROOM_BYTES - length, length + bytes.length);
}
