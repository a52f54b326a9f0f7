import { BEFORE_UPGRADE } from '../sqlite/keep-before-upgrade.ts';
import { RESTORING } from '../sqlite/restoring.ts';

const ASIDE = 'before-restore-';
/** In the data folder: what is made again when it is missing, and what is of earlier times. */
const LEFT_OUT: ReadonlySet<string> = new Set(['cache', 'pyramids', 'objects', BEFORE_UPGRADE, RESTORING]);

/** Whether backups leave a file or folder of the data folder out, and restores leave it alone. */
export function isLeftOut(name: string): boolean {
  return LEFT_OUT.has(name) || name.startsWith(ASIDE);
}

/** Where a restore puts what was in the data folder. */
export function asideFolder(now: Date): string {
  return ASIDE + now.toISOString().slice(0, 19).replaceAll(':', '-');
}
