/**
 * Capitals and figures as pen strokes, since no font can be relied upon. A stroke is a run of points, two hexadecimal
 * digits each (x to the right, y up; the cap height is 12); a tilde makes it smooth, a bar begins the next stroke.
 */
const STROKES: Readonly<Record<string, string>> = {
  A: '004c80|1474',
  B: '000c|~0c4c7b794606|~06568482500000',
  C: '~8a5c2b0804215082',
  D: '000c|~0c4c7a86724000',
  E: '7c0c0070|0656',
  F: '7c0c00|0656',
  G: '~8a5c2b0804215082|828656',
  H: '000c|808c|0686',
  I: '000c',
  J: '~5c53412002',
  K: '000c|8c05|2780',
  L: '0c0070',
  M: '000c459c90',
  N: '000c808c',
  O: '~4c1a06124072867a4c',
  P: '000c|~0c5c7b785505',
  Q: '~4c1a06124072867a4c|5390',
  R: '000c|~0c5c7b785606|4680',
  S: '~7a5c2c0a18467472502002',
  T: '0c8c|4c40',
  U: '~0c04114071848c',
  V: '0c408c',
  W: '0c306a90cc',
  X: '008c|0c80',
  Y: '0c468c|4640',
  Z: '0c8c0080',
  0: '~3c1b06113051665b3c',
  1: '1a3c30',
  2: '~0a2c5b684400|0060',
  3: '~0b3c6a5726|~2665623001',
  4: '505c0373',
  5: '6c0c06|~063765623001',
  6: '~5c18032050643704',
  7: '0c6c20',
  8: '~371a3c5a3703306337',
  9: '~1054694c1c083568',
  '.': '0001',
  ',': '1200',
  '-': '0646',
  "'": '0c0a',
  ':': '0203|0708',
  '/': '006c',
  '+': '0646|2824',
  '(': '~3d194330',
  ')': '~0d293300',
  '&': '~90382a4c6a571412306095',
  '©': '~6caac6a26022062a6c|~886947456384',
};

/** Units between the foot of a letter and its head. */
export const CAP_HEIGHT = 12;
/** Units that a word space takes, and any character that is not drawn. */
export const LETTER_SPACE = 6;

export interface Stroke {
  /** In units: x to the right, y up from the foot. */
  readonly points: readonly (readonly [number, number])[];
  /** Whether the pen runs through the points in a curve, else in straight lines. */
  readonly smooth: boolean;
}

export interface StrokeLetter {
  readonly strokes: readonly Stroke[];
  /** Units. */
  readonly width: number;
}

/** Null for a character that has no drawing. */
export function strokeLetter(character: string): StrokeLetter | null {
  const drawing = STROKES[character];
  if (drawing === undefined) return null;
  const strokes = drawing.split('|').map(parseStroke);
  const width = Math.max(0, ...strokes.flatMap(({ points }) => points.map(([x]) => x)));
  return { strokes, width };
}

function parseStroke(text: string): Stroke {
  const smooth = text.startsWith('~');
  const digits = [...(smooth ? text.slice(1) : text)].map((digit) => Number.parseInt(digit, 16));
  const points: [number, number][] = [];
  for (let at = 0; at + 1 < digits.length; at += 2) points.push([digits[at] ?? 0, digits[at + 1] ?? 0]);
  return { points, smooth };
}

/** The text as it can be drawn: in capitals, without accents. */
export function asCapitals(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase().replace(/\s+/g, ' ').replace(/[’‘]/g, "'").replace(/[–—]/g, '-').trim();
}

/** Characters of a text of capitals that have no drawing, each once. */
export function undrawnCharacters(capitals: string): readonly string[] {
  return [...new Set(capitals)].filter((character) => character !== ' ' && strokeLetter(character) === null);
}
