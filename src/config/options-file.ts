import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { nearestWord } from '../lib/nearest-word.ts';
import { OPTION_KEYS, type OptionKey } from './options.ts';

export interface OptionsFile {
  readonly values: ReadonlyMap<OptionKey, { readonly value: unknown; readonly line: number }>;
  /** Sentences that begin with `file:line`. */
  readonly errors: readonly string[];
}

/** Reads the text of a `vitrine.yaml`: one level of keys, each a known option. `name` is how errors name the file. */
export function parseOptionsFile(content: string, name: string): OptionsFile {
  const lines = new LineCounter();
  const document = parseDocument(content, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => `${name}:${lines.linePos(offset).line}`;

  if (document.errors.length > 0) {
    return { values: new Map(), errors: document.errors.map((error) => `${at(error.pos[0])}: ${error.message}`) };
  }
  if (document.contents === null) return { values: new Map(), errors: [] };
  if (!isMap(document.contents)) return { values: new Map(), errors: [`${name}:1: expected one option a line, such as "port: 8080"`] };

  const values = new Map<OptionKey, { value: unknown; line: number }>();
  const errors: string[] = [];
  for (const pair of document.contents.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    const offset = isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0;
    if (!isOptionKey(key)) {
      errors.push(`${at(offset)}: ${unknownKey(key)}`);
      continue;
    }
    if (key === 'config' || key === 'envFile') {
      errors.push(`${at(offset)}: an options file cannot name another one`);
      continue;
    }
    const value: unknown = document.getIn([key]);
    values.set(key, { value: toPlain(value), line: lines.linePos(offset).line });
  }
  return { values, errors };
}

function unknownKey(key: string): string {
  const meant = nearestWord(key, OPTION_KEYS);
  return meant === null ? `there is no option "${key}"` : `there is no option "${key}"; did you mean "${meant}"?`;
}

function isOptionKey(key: string): key is OptionKey {
  return (OPTION_KEYS as readonly string[]).includes(key);
}

function toPlain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return 'toJSON' in value && typeof value.toJSON === 'function' ? value.toJSON() : value;
}
