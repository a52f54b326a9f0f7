import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { imagePath, type Running } from '../contestants/contestant.ts';
import type { Tile } from './tiles.ts';

/** Saves what a running server answers, below `folder`, under the paths that a server of files is asked for. */
export async function saveTiles(running: Running, name: string, tiles: readonly Tile[], folder: string): Promise<void> {
  for (const { parameters } of tiles) {
    const answer = await fetch(`${running.base}${imagePath(running, name, parameters)}`, { signal: AbortSignal.timeout(60_000) });
    if (answer.status !== 200) throw new Error(`The tile ${parameters} was answered ${answer.status}.`);
    const file = join(folder, name, parameters, '0/default.jpg');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, new Uint8Array(await answer.arrayBuffer()));
  }
}
