import { parseIdentityFile } from '../../config/identity-file.ts';
import { secretsBeside } from '../../config/identity-secrets.ts';
import type { IdentitySettings } from '../../config/identity-sources.ts';
import type { YamlMistake } from '../../config/yaml-reading.ts';
import { type FileInForce, type JudgedText, stampNow, WATCH_TIMING, type WatchLog, watchFile } from './watched-file.ts';

/** Sources by name, in the order of the file. */
export type IdentityFile = ReadonlyMap<string, IdentitySettings>;

/** Reads and watches the identity file, and the files of secrets that it names. Null: no file, no sources. */
export async function watchIdentityFile(
  file: string | null,
  onChange: (sources: IdentityFile) => void,
  log: WatchLog,
  { timing = WATCH_TIMING } = {},
): Promise<FileInForce<IdentityFile>> {
  if (file === null) return { current: () => new Map(), look: async () => {}, judgeAgain: () => {}, close: () => {} };
  return watchFile({ file, kind: 'identity file', judge: (text) => judgeText(text, file), onChange, log, timing });
}

function judgeText(text: string, file: string): JudgedText<IdentityFile> {
  const filesNamed = new Map<string, string>();
  const secrets = secretsBeside(file, undefined, (path) => void filesNamed.set(path, stampNow(path)));
  const result = parseIdentityFile(text, file, secrets);
  if (!result.ok) return { ok: false, errors: result.errors.map(formatMistake), filesNamed };
  const { sources, warnings } = result;
  return {
    ok: true,
    value: sources,
    filesNamed,
    warnings: warnings.map(formatMistake),
    summary: `sources ${[...sources.keys()].join(', ')}`,
  };
}

function formatMistake({ file, line, column, sentence }: YamlMistake): string {
  return `${file}:${line}:${column}: ${sentence}`;
}
