import { mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import type { Options } from '../config/options.ts';

/**
 * Has Node keep what it compiles of this program in the data folder, for the next start: what is loaded from now on, and
 * in the workers all. In no folder that others may write to: what is kept there is run.
 */
export function keepCompiled({ data }: Pick<Options, 'data'>): { readonly NODE_COMPILE_CACHE: string } {
  const folder = join(data, 'cache', 'compiled');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    enableCompileCache(folder);
  } catch {
    // A data folder that cannot be written has a sentence of its own, when the database is opened.
  }
  return { NODE_COMPILE_CACHE: folder };
}
