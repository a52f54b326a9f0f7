import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The secret of this data folder, made on the first start and readable by its owner only.
 * Several processes that start at once end up with the same one: whoever links first wins.
 */
export async function readSecret(folder: string, make: () => string): Promise<string> {
  const file = join(folder, 'secret.key');
  const kept = await readIfThere(file);
  if (kept !== null) return kept;

  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, `secret.${process.pid}.new`);
  await writeFile(draft, `${make()}\n`, { mode: 0o600, flush: true });
  await link(draft, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await unlink(draft);
  return (await readIfThere(file)) ?? '';
}

/** The same, and nothing is made; null where there is none yet. */
export function readKeptSecret(folder: string): Promise<string | null> {
  return readIfThere(join(folder, 'secret.key'));
}

async function readIfThere(file: string): Promise<string | null> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  const secret = text.trim();
  if (secret.length < 32) throw new Error(`${file} holds no secret of this program. Remove it, and a new one is made at the next start.`);
  return secret;
}
