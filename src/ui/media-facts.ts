import type { ItemKind } from '../domain/media-types.ts';
import { fill, type Language, type Texts, textsIn } from './texts.ts';

export type MediaKind = Exclude<ItemKind, 'image'>;

/** What is known of an item that is no image. */
export interface MediaFacts {
  readonly kind: MediaKind;
  readonly seconds: number | null;
  /** In pixels. */
  readonly size: { readonly width: number; readonly height: number } | null;
  /** Of the file; null for a stream, which has many. */
  readonly bytes: number | null;
}

const KINDS: Readonly<Record<MediaKind, keyof Texts>> = {
  film: 'kindFilm',
  sound: 'kindSound',
  document: 'kindDocument',
  model: 'kindModel',
  text: 'kindText',
};

/** `Film · 1:02:03 · 1920 × 1080 pixels · 12 MB` */
export function mediaFactsLine({ kind, seconds, size, bytes }: MediaFacts, language: Language): string {
  const t = textsIn(language);
  const parts = [
    t[KINDS[kind]],
    seconds === null ? null : durationText(seconds),
    size === null ? null : fill(t.dimensions, size),
    bytes === null ? null : bytesText(bytes, language),
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

/** As players show it. */
function durationText(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const twoDigits = (part: number) => String(part).padStart(2, '0');
  return hours > 0 ? `${hours}:${twoDigits(minutes)}:${twoDigits(rest)}` : `${minutes}:${twoDigits(rest)}`;
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

function bytesText(bytes: number, language: Language): string {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** step;
  const digits = step > 0 && value < 10 ? 1 : 0;
  const style = {
    style: 'unit',
    unit: UNITS[step] ?? 'byte',
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: digits,
  } as const;
  return new Intl.NumberFormat(language, style).format(value);
}
