/** Whether a colour profile says what is assumed without one. ICC.1:2022, sections 7.2, 8.3, 10.6, 10.18 and 10.31. */

/** Of a linear number, by the red, green and blue of sRGB as seen under D50. IEC 61966-2-1. */
const COLORANTS = {
  rXYZ: [0.436, 0.2225, 0.0139],
  gXYZ: [0.3851, 0.7169, 0.0971],
  bXYZ: [0.1431, 0.0606, 0.7141],
} as const;
/** Writers round differently. */
const COLORANT_SLACK = 0.0015;
const CURVES = ['rTRC', 'gTRC', 'bTRC'] as const;
/** Less than one of 256 steps. */
const CURVE_SLACK = 0.003;

const HEADER_BYTES = 128;
const MOST_TAGS = 100;

/** True where colours of this profile are shown as they are: a matrix profile with the primaries and the curve of sRGB. */
export function isSrgbProfile(profile: Uint8Array): boolean {
  if (profile.length < HEADER_BYTES + 4) return false;
  const view = new DataView(profile.buffer, profile.byteOffset, profile.byteLength);
  if (textAt(profile, 36) !== 'acsp' || textAt(profile, 16) !== 'RGB ' || textAt(profile, 20) !== 'XYZ ') return false;
  const tags = tagsOf(profile, view);
  // A table says more than the matrix beside it.
  if ([...tags.keys()].some((name) => /^[ABD]2[ABD]/.test(name))) return false;
  return (
    Object.entries(COLORANTS).every(([name, expected]) => isColorant(view, tags.get(name), expected)) &&
    CURVES.every((name) => isSrgbCurve(profile, view, tags.get(name)))
  );
}

interface Tag {
  readonly at: number;
  readonly bytes: number;
}

/** Those that lie within the profile. */
function tagsOf(profile: Uint8Array, view: DataView): ReadonlyMap<string, Tag> {
  const tags = new Map<string, Tag>();
  const count = Math.min(view.getUint32(HEADER_BYTES), MOST_TAGS, Math.floor((profile.length - HEADER_BYTES - 4) / 12));
  for (let i = 0; i < count; i++) {
    const entry = HEADER_BYTES + 4 + i * 12;
    const [at, bytes] = [view.getUint32(entry + 4), view.getUint32(entry + 8)];
    if (bytes >= 12 && at + bytes <= profile.length) tags.set(textAt(profile, entry), { at, bytes });
  }
  return tags;
}

function isColorant(view: DataView, tag: Tag | undefined, expected: readonly number[]): boolean {
  if (tag === undefined || tag.bytes < 20) return false;
  return expected.every((value, i) => Math.abs(fixedAt(view, tag.at + 8 + i * 4) - value) <= COLORANT_SLACK);
}

function isSrgbCurve(profile: Uint8Array, view: DataView, tag: Tag | undefined): boolean {
  if (tag === undefined) return false;
  const curve = textAt(profile, tag.at) === 'para' ? formulaOf(view, tag) : textAt(profile, tag.at) === 'curv' ? tableOf(view, tag) : null;
  if (curve === null) return false;
  for (let step = 0; step <= 255; step++) {
    if (Math.abs(toSrgb(curve(step / 255)) - step / 255) > CURVE_SLACK) return false;
  }
  return true;
}

type Curve = (value: number) => number;

/** ICC.1 10.18, the function that sRGB is written with. */
function formulaOf(view: DataView, { at, bytes }: Tag): Curve | null {
  if (view.getUint16(at + 8) !== 3 || bytes < 32) return null;
  const [g = 0, a = 0, b = 0, c = 0, d = 0] = [0, 1, 2, 3, 4].map((i) => fixedAt(view, at + 12 + i * 4));
  return (value) => (value >= d ? (a * value + b) ** g : c * value);
}

/** ICC.1 10.6. Null for a bare exponent: it is not the curve of sRGB. */
function tableOf(view: DataView, { at, bytes }: Tag): Curve | null {
  const count = view.getUint32(at + 8);
  if (count < 16 || bytes < 12 + count * 2) return null;
  return (value) => {
    const place = value * (count - 1);
    const [before, share] = [Math.floor(place), place % 1];
    const low = view.getUint16(at + 12 + before * 2);
    const high = view.getUint16(at + 12 + Math.min(before + 1, count - 1) * 2);
    return (low + (high - low) * share) / 65_535;
  };
}

/** IEC 61966-2-1 5.2 */
function toSrgb(linear: number): number {
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
}

/** ICC.1 4.6, s15Fixed16Number. */
function fixedAt(view: DataView, at: number): number {
  return view.getInt32(at) / 65_536;
}

function textAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
