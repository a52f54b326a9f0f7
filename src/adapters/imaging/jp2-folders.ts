import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'vitrine-jp2-';
/** Longer than any decode may take: a folder of another server that is at work is younger. */
const LEFT_BEHIND_MINUTES = 60;

/** A folder for one run of a decoder. Whoever makes it removes it. */
export function makeFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), PREFIX));
}

/** Removes what a server that was killed left behind: folders of this user, old enough that nobody is at work in them. */
export async function removeLeftFolders(now: Date, within = tmpdir()): Promise<void> {
  const names = (await readdir(within)).filter((name) => name.startsWith(PREFIX));
  for (const name of names) {
    const folder = join(within, name);
    const found = await lstat(folder).catch(() => null);
    if (found === null || !found.isDirectory() || found.uid !== process.getuid?.()) continue;
    if (now.getTime() - found.mtimeMs > LEFT_BEHIND_MINUTES * 60_000) await rm(folder, { recursive: true, force: true });
  }
}
