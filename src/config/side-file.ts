import type { CatalogueEntry, LabelledText, ReadingDirection } from '../domain/catalogue.ts';
import { toRightsUri } from '../iiif/presentation/rights.ts';
import { type YamlEntry, type YamlMistake, type YamlNode, YamlReading } from './yaml-reading.ts';
import { readTexts } from './yaml-texts.ts';

export type SideFileResult =
  | { readonly ok: true; readonly entry: CatalogueEntry }
  | { readonly ok: false; readonly mistakes: readonly YamlMistake[] };

const KEYS = ['label', 'summary', 'metadata', 'requiredStatement', 'rights', 'readingDirection'];
const PAIR_KEYS = ['label', 'value'];
const DIRECTIONS: readonly ReadingDirection[] = ['left-to-right', 'right-to-left', 'top-to-bottom', 'bottom-to-top'];

/** Reads a side file: what is written about a picture or a folder, or every mistake at once. `fileName` is for the sentences. */
export function parseSideFile(text: string, fileName: string): SideFileResult {
  const reading = new YamlReading(text, fileName);
  const entry = reading.mistakes.length === 0 ? readEntry(reading) : null;
  if (entry === null || reading.mistakes.length > 0) return { ok: false, mistakes: reading.mistakes };
  return { ok: true, entry };
}

function readEntry(reading: YamlReading): CatalogueEntry | null {
  const entries = reading.entries(reading.root, 'The file');
  if (entries === null) return null;
  reading.checkKeys(entries, 'The file', KEYS, []);
  const find = (key: string) => entries.find((entry) => entry.key === key) ?? null;
  return {
    label: readTexts(reading, find('label')),
    summary: readTexts(reading, find('summary')),
    metadata: readMetadata(reading, find('metadata')),
    requiredStatement: readStatement(reading, find('requiredStatement')),
    rights: readRights(reading, find('rights')),
    readingDirection: readDirection(reading, find('readingDirection')),
  };
}

function readMetadata(reading: YamlReading, entry: YamlEntry | null): readonly LabelledText[] {
  if (entry === null) return [];
  const places = reading.list(entry.value, '"metadata"') ?? [];
  return places.flatMap((place) => readPair(reading, place, 'An entry of "metadata"') ?? []);
}

function readStatement(reading: YamlReading, entry: YamlEntry | null): LabelledText | null {
  return entry === null ? null : readPair(reading, entry.value, '"requiredStatement"');
}

function readPair(reading: YamlReading, place: YamlNode, what: string): LabelledText | null {
  const entries = reading.entries(place, what);
  if (entries === null) return null;
  reading.checkKeys(entries, what, PAIR_KEYS, []);
  const [label, value] = PAIR_KEYS.map((key) => {
    const entry = entries.find((each) => each.key === key) ?? null;
    if (entry === null) reading.report(place, `${what} has no ${key}.`);
    return readTexts(reading, entry);
  });
  return label == null || value == null ? null : { label, value };
}

function readRights(reading: YamlReading, entry: YamlEntry | null): string | null {
  const text = entry === null ? null : reading.text(entry.value, '"rights"');
  if (entry === null || text === null) return null;
  const rights = toRightsUri(text);
  if (rights === null) {
    reading.report(
      entry.value,
      '"rights" must be a URI of creativecommons.org or rightsstatements.org. Other terms go into "requiredStatement".',
    );
  }
  return rights;
}

function readDirection(reading: YamlReading, entry: YamlEntry | null): ReadingDirection | null {
  const text = entry === null ? null : reading.text(entry.value, '"readingDirection"');
  if (entry === null || text === null) return null;
  const direction = DIRECTIONS.find((each) => each === text) ?? null;
  if (direction === null) reading.report(entry.value, `"readingDirection" must be ${DIRECTIONS.join(', ')}, not "${text}".`);
  return direction;
}
