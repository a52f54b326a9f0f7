/** Knows what came before, in little room. */
export interface Doorkeeper {
  /** Whether it came before; from now on it did. What came long ago is forgotten, and one in billions is taken for another. */
  hasCome(text: string): boolean;
}

/** A megabyte. */
const PLACES = 1 << 18;

/** Each place has the mark of the last one that came there. */
export function createDoorkeeper(): Doorkeeper {
  const marks = new Uint32Array(PLACES);
  return {
    hasCome(text) {
      const mark = markOf(text);
      const place = mark % PLACES;
      const hasCome = marks[place] === mark;
      marks[place] = mark;
      return hasCome;
    },
  };
}

/** FNV-1a, of characters instead of bytes, and never 0. https://datatracker.ietf.org/doc/draft-eastlake-fnv */
function markOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0 || 1;
}
