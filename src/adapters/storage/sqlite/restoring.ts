import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure, refuse } from '../../../lib/problems.ts';

/** Of the data folder: there while a backup is being put into it, and where that was interrupted. */
export const RESTORING = 'restoring';

/** @throws Failure where the data folder holds half of a backup. */
export async function refuseWhileRestoring(file: string): Promise<void> {
  const folder = join(dirname(file), RESTORING);
  const isThere = await stat(folder).then(
    () => true,
    () => false,
  );
  if (!isThere) return;
  const sentence = `A backup is being restored into this data folder, or that was interrupted: ${folder} is there. Run vitrine restore again.`;
  throw new Failure(refuse('server.error', 'A backup is being restored.'), sentence);
}
