import { readFileSync } from 'node:fs';

/** A list of hostile texts, one JSON string a line, so that control characters and spaces stay what they are. */
export function readList(name: string): readonly string[] {
  const lines = readFileSync(new URL(name, import.meta.url), 'utf8').split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => JSON.parse(line) as string);
}
