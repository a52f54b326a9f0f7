import type { Policy, WhenLocked } from '../domain/access.ts';
import { THUMBNAIL_TIER } from '../domain/when-locked.ts';
import type { YamlEntry, YamlReading } from './yaml-reading.ts';

const KEYS = ['label', 'thumbnail', 'dimensions', 'listed', 'manifest'];
/** More is no thumbnail, and belongs into "otherwise". */
export const LARGEST_THUMBNAIL = 1_000;

/** What a policy tells of its items to those who may not see them; null where it says nothing. */
export function readWhenLocked(
  reading: YamlReading,
  entry: YamlEntry | null,
  policy: { readonly number: number } & Pick<Policy, 'otherwise' | 'embargo'> & { readonly allow: Policy['allow'] | null },
): WhenLocked | null {
  if (entry === null) return null;
  if (policy.allow === 'everyone' && policy.embargo === undefined) {
    reading.report(entry.keyNode, `Policy ${policy.number} allows everyone, so its items are never locked. Leave "whenLocked" out.`);
  }
  const entries = reading.entries(entry.value, '"whenLocked"');
  if (entries === null) return null;
  reading.checkKeys(entries, '"whenLocked"', KEYS, []);
  const find = (key: string): YamlEntry | null => entries.find((each) => each.key === key) ?? null;
  const thumbnail = readThumbnail(reading, find('thumbnail'));
  if (thumbnail !== null && policy.allow === 'everyone' && policy.embargo !== undefined) {
    reading.report(
      entry.value,
      `Policy ${policy.number} locks its items during its embargo only, when nothing of them is shown. Leave "thumbnail" out.`,
    );
  }
  if (thumbnail !== null && policy.otherwise?.some(({ name }) => name === THUMBNAIL_TIER)) {
    reading.report(
      entry.value,
      `Policy ${policy.number} has a tier with the name "${THUMBNAIL_TIER}", which is the name of its thumbnail. Give the tier another.`,
    );
  }
  return {
    ...truth(reading, 'label', find('label')),
    ...truth(reading, 'dimensions', find('dimensions')),
    ...truth(reading, 'listed', find('listed')),
    ...(thumbnail === null ? {} : { thumbnail }),
    ...readManifest(reading, find('manifest')),
  };
}

function truth(reading: YamlReading, key: 'label' | 'dimensions' | 'listed', entry: YamlEntry | null): WhenLocked {
  const value = entry === null ? null : reading.truth(entry.value, `"${key}"`);
  return value === null ? {} : { [key]: value };
}

/** Null for none, which `false` says too. */
function readThumbnail(reading: YamlReading, entry: YamlEntry | null): number | null {
  if (entry === null || reading.isFalse(entry.value)) return null;
  const pixels = reading.number(entry.value, '"thumbnail"');
  if (pixels === null || (Number.isInteger(pixels) && pixels >= 1 && pixels <= LARGEST_THUMBNAIL)) return pixels;
  reading.report(entry.value, `"thumbnail" is false, or the longest side in whole pixels, from 1 to ${LARGEST_THUMBNAIL}.`);
  return null;
}

function readManifest(reading: YamlReading, entry: YamlEntry | null): WhenLocked {
  const word = entry === null ? null : reading.text(entry.value, '"manifest"');
  if (word === 'open' || word === 'locked') return { manifest: word };
  if (entry !== null && word !== null) reading.report(entry.value, `"manifest" is open or locked, not "${word}".`);
  return {};
}

/** For the JSON Schema of the access file. */
export function whenLockedSchema(): object {
  return {
    description: 'What is told of these items to those who may not see them.',
    type: 'object',
    additionalProperties: false,
    properties: {
      label: { description: 'The label, and what side files say.', type: 'boolean', default: true },
      thumbnail: {
        description: 'Longest side of a small picture that everybody may see, in pixels; false for none.',
        anyOf: [{ const: false }, { type: 'integer', minimum: 1, maximum: LARGEST_THUMBNAIL }],
        default: false,
      },
      dimensions: { description: 'Width, height, duration and bytes.', type: 'boolean', default: true },
      listed: {
        description: 'Whether pages, collections and manifests of folders name them. Without it: those that somebody can open.',
        type: 'boolean',
      },
      manifest: {
        description: 'open: everybody gets the manifest, which leads to the access services. locked: only who may see the item.',
        enum: ['open', 'locked'],
        default: 'open',
      },
    },
  };
}
