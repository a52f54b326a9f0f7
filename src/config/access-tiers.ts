import {
  type PercentRegion,
  type Tier,
  WATERMARK_PLACES,
  type Watermark,
  type WatermarkImage,
  type WatermarkPlace,
} from '../domain/access.ts';
import { findStandInMistake } from '../domain/stand-in.ts';
import { parseRegion } from '../iiif/image/parse-parameters.ts';
import type { LanguageMap } from '../lib/language-map.ts';
import { isRefusal } from '../lib/problems.ts';
import { asCapitals, undrawnCharacters } from '../lib/stroke-letters.ts';
import { SERVICE_NAME } from './access-names.ts';
import type { YamlEntry, YamlNode, YamlReading } from './yaml-reading.ts';

/** What makes a tier less than the item. */
export const LESSENING_KEYS = ['item', 'maxSize', 'maxOutput', 'gray', 'watermark', 'blur', 'blackout'] as const;
const TIER_KEYS = ['name', 'label', 'for', ...LESSENING_KEYS];
const WATERMARK_KEYS = ['text', 'image', 'opacity', 'place'];

/** The whole of such a tier is kept in memory while it is looked at: a square one in colours takes all that the default of `decodedMemoryMegabytes` gives one picture. */
export const LARGEST_TIER = 8_000;
/** Smaller answers would make a picture of thousands of requests; with larger ones it is no longer in parts. */
export const TIER_OUTPUTS = { smallest: 64, largest: 10_000 };
export const LONGEST_WATERMARK = 60;
export const DEFAULT_OPACITY = 0.4;
/** Each costs a drawing for every tile. */
export const MOST_REGIONS = 50;

/** What tiers have in common with the rest of the file. */
export interface TierParts {
  readonly policy: { readonly number: number; readonly allow: 'everyone' | readonly unknown[] | null };
  readTexts(entry: YamlEntry | null): LanguageMap | null;
  readRules(entry: YamlEntry): Tier['for'];
}

/** `otherwise`: one tier, or a list with the best one first. */
export function readTiers(reading: YamlReading, entry: YamlEntry | null, parts: TierParts): readonly Tier[] {
  if (entry === null) return [];
  const { number, allow } = parts.policy;
  if (allow === 'everyone')
    reading.report(entry.keyNode, `Policy ${number} allows everyone, so nobody would ever get what is in "otherwise".`);
  const places = reading.isList(entry.value) ? (reading.list(entry.value, '"otherwise"') ?? []) : [entry.value];
  if (places.length === 0) reading.report(entry.value, '"otherwise" is empty. Leave it out.');
  const names = new Set<string>();
  return places.flatMap((place, index) => {
    const tier = readTier(reading, place, index + 1, parts);
    if (tier === null) return [];
    if (names.has(tier.name)) reading.report(place, `Policy ${number} has two tiers with the name "${tier.name}".`);
    names.add(tier.name);
    return [tier];
  });
}

function readTier(reading: YamlReading, place: YamlNode, position: number, parts: TierParts): Tier | null {
  const entries = reading.entries(place, 'A tier of "otherwise"');
  if (entries === null) return null;
  reading.checkKeys(entries, 'A tier', TIER_KEYS, []);
  const find = (key: string): YamlEntry | null => entries.find((each) => each.key === key) ?? null;
  const audience = find('for');
  const tier: Tier = {
    name: readName(reading, find('name')) ?? String(position),
    label: parts.readTexts(find('label')),
    for: audience === null ? 'everyone' : parts.readRules(audience),
    item: readStandIn(reading, find('item')),
    maxSize: readPixels(reading, find('maxSize'), 'of the whole image', { smallest: 1, largest: LARGEST_TIER }),
    maxOutput: readPixels(reading, find('maxOutput'), 'of any one answer', TIER_OUTPUTS),
    gray: readGray(reading, find('gray')),
    watermark: readWatermark(reading, find('watermark')),
    blur: readRegions(reading, find('blur')),
    blackout: readRegions(reading, find('blackout')),
  };
  if (LESSENING_KEYS.every((key) => find(key) === null))
    reading.report(place, `A tier needs one of ${LESSENING_KEYS.join(', ')}: without one it would be the item itself.`);
  return tier;
}

function readName(reading: YamlReading, entry: YamlEntry | null): string | null {
  const name = entry === null ? null : reading.text(entry.value, '"name"');
  if (entry !== null && name !== null && !SERVICE_NAME.test(name)) {
    reading.report(entry.value, `The tier name "${name}" is part of an address: lower-case letters, digits and hyphens only, at most 64.`);
  }
  return name;
}

/** The longest side of something, in pixels. */
function readPixels(
  reading: YamlReading,
  entry: YamlEntry | null,
  whose: string,
  { smallest, largest }: { readonly smallest: number; readonly largest: number },
): number | null {
  if (entry === null) return null;
  const size = reading.number(entry.value, `"${entry.key}"`);
  if (size === null || (Number.isInteger(size) && size >= smallest && size <= largest)) return size;
  reading.report(entry.value, `"${entry.key}" is the longest side ${whose} in whole pixels, from ${smallest} to ${largest}.`);
  return null;
}

function readStandIn(reading: YamlReading, entry: YamlEntry | null): string | null {
  const pattern = entry === null ? null : reading.text(entry.value, '"item"');
  const mistake = pattern === null ? null : findStandInMistake(pattern);
  if (entry === null || mistake === null) return pattern;
  reading.report(entry.value, `"item" cannot be ${pattern}. ${mistake}`);
  return null;
}

function readGray(reading: YamlReading, entry: YamlEntry | null): boolean {
  if (entry === null) return false;
  const gray = reading.truth(entry.value, '"gray"');
  if (gray === false) reading.report(entry.value, '"gray" can only be true. Leave it out to keep the colours.');
  return gray === true;
}

function readWatermark(reading: YamlReading, entry: YamlEntry | null): Watermark | null {
  if (entry === null) return null;
  if (!reading.isMapping(entry.value)) {
    const mark = readWatermarkText(reading, entry.value);
    return mark === null ? null : { mark, opacity: DEFAULT_OPACITY, place: 'everywhere' };
  }
  const entries = reading.entries(entry.value, '"watermark"') ?? [];
  reading.checkKeys(entries, 'A watermark', WATERMARK_KEYS, []);
  const find = (key: string): YamlEntry | null => entries.find((each) => each.key === key) ?? null;
  const mark = readMark(reading, entry, { text: find('text'), image: find('image') });
  const opacity = readOpacity(reading, find('opacity'));
  const place = readPlace(reading, find('place'));
  return mark === null ? null : { mark, opacity, place };
}

function readMark(
  reading: YamlReading,
  entry: YamlEntry,
  { text, image }: { readonly text: YamlEntry | null; readonly image: YamlEntry | null },
): Watermark['mark'] | null {
  if ((text === null) === (image === null)) {
    reading.report(entry.value, '"watermark" has a text or an image, and one of them only.');
    return null;
  }
  if (text !== null) return readWatermarkText(reading, text.value);
  return image === null ? null : readWatermarkImage(reading, image.value);
}

function readWatermarkImage(reading: YamlReading, place: YamlNode): WatermarkImage | null {
  const found = reading.fileNamed(place, 'The image of "watermark"');
  if (found === null) return null;
  if (isDrawable(found.bytes)) return found;
  reading.report(place, 'The image of "watermark" must be a PNG, JPEG or WebP.');
  return null;
}

/** By what the formats begin with. */
function isDrawable(bytes: Uint8Array): boolean {
  const start = String.fromCharCode(...bytes.subarray(0, 12));
  return (
    start.startsWith('\u0089PNG\r\n\u001a\n') ||
    start.startsWith('\u00ff\u00d8\u00ff') ||
    (start.startsWith('RIFF') && start.endsWith('WEBP'))
  );
}

function readWatermarkText(reading: YamlReading, place: YamlNode): string | null {
  const text = reading.text(place, 'The text of "watermark"');
  if (text === null) return null;
  const undrawn = undrawnCharacters(asCapitals(text));
  if (undrawn.length > 0) {
    reading.report(
      place,
      `The watermark cannot hold ${undrawn.join(' ')}: it is drawn in Latin capitals, figures and . , : - + / ' & ( ) ©.`,
    );
  }
  if (text.length > LONGEST_WATERMARK) reading.report(place, `The watermark is longer than ${LONGEST_WATERMARK} characters.`);
  return text;
}

function readOpacity(reading: YamlReading, entry: YamlEntry | null): number {
  if (entry === null) return DEFAULT_OPACITY;
  const opacity = reading.number(entry.value, '"opacity"');
  if (opacity !== null && opacity >= 0.1 && opacity <= 1) return opacity;
  if (opacity !== null) reading.report(entry.value, '"opacity" is a number from 0.1, which is hardly seen, to 1.');
  return DEFAULT_OPACITY;
}

function readPlace(reading: YamlReading, entry: YamlEntry | null): WatermarkPlace {
  const word = entry === null ? null : reading.text(entry.value, '"place"');
  const place = WATERMARK_PLACES.find((each) => each === word);
  if (entry !== null && word !== null && place === undefined) {
    reading.report(entry.value, `Unknown place "${word}". It can be ${WATERMARK_PLACES.join(', ')}.`);
  }
  return place ?? 'everywhere';
}

function readRegions(reading: YamlReading, entry: YamlEntry | null): readonly PercentRegion[] {
  if (entry === null) return [];
  const what = `"${entry.key}"`;
  const places = reading.list(entry.value, what) ?? [];
  if (reading.isList(entry.value) && places.length === 0) reading.report(entry.value, `${what} is empty. Leave it out.`);
  if (places.length > MOST_REGIONS) reading.report(entry.value, `${what} has more than ${MOST_REGIONS} regions.`);
  return places.flatMap((place) => readRegion(reading, place, what));
}

/** A flow list without quotes is cut at the commas within, so the sentence says how to write it. */
function readRegion(reading: YamlReading, place: YamlNode, what: string): readonly PercentRegion[] {
  const text = reading.textIfAny(place);
  const region = text === null ? null : parseRegion(text);
  if (region !== null && !isRefusal(region) && region.kind === 'percent' && isWithin(region)) {
    const { x, y, width, height } = region;
    return [{ x, y, width, height }];
  }
  reading.report(place, `A region of ${what} is a part of the full image in percent, in quotes: "pct:40,10,20,30" (x, y, width, height).`);
  return [];
}

function isWithin({ x, y }: PercentRegion): boolean {
  return x < 100 && y < 100;
}
