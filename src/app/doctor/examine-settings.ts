import { readFile } from 'node:fs/promises';
import { formatAccessFileError, parseAccessFile } from '../../config/access-file.ts';
import { filesBeside } from '../../config/files-beside.ts';
import { parseIdentityFile } from '../../config/identity-file.ts';
import { secretsBeside } from '../../config/identity-secrets.ts';
import type { Options } from '../../config/options.ts';
import { type Finding, findingsAbout } from './finding.ts';

/** What the start would say of the options, once more. */
export function examineOptions(notices: readonly string[]): readonly Finding[] {
  const say = findingsAbout('options');
  return notices.length === 0 ? [say.well('They go together.')] : notices.map(say.warning);
}

export async function examineAccess({ access, identity }: Options): Promise<readonly Finding[]> {
  const say = findingsAbout('access file');
  if (access === null) return [say.warning('There is none: everything is open. Lock folders with --access FILE.')];
  const sources = identity === null ? [] : await sourceNames(identity);
  const result = parseAccessFile(await readFile(access, 'utf8'), access, filesBeside(access), sources);
  if (!result.ok) return result.errors.map((error) => say.wrong(formatAccessFileError(error)));
  if (result.warnings.length > 0) return result.warnings.map((warning) => say.warning(formatAccessFileError(warning)));
  return [say.well(`${access} is valid.`)];
}

export async function examineIdentity({ identity }: Options): Promise<readonly Finding[]> {
  if (identity === null) return [];
  const say = findingsAbout('identity file');
  const result = parseIdentityFile(await readFile(identity, 'utf8'), identity, secretsBeside(identity));
  if (!result.ok) return result.errors.map(({ file, line, sentence }) => say.wrong(`${file}:${line}: ${sentence}`));
  return [say.well(`${identity} is valid. Try each source with vitrine identity test.`)];
}

async function sourceNames(identity: string): Promise<readonly string[]> {
  const result = parseIdentityFile(await readFile(identity, 'utf8'), identity, secretsBeside(identity));
  return result.ok ? [...result.sources.keys()] : [];
}
