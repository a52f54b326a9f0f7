import { type BigIntStats, realpathSync, statSync } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure, refuse } from '../../lib/problems.ts';

export interface Place {
  readonly file: string;
  readonly stats: BigIntStats;
}

/** What the system says when there is nothing for us. The rest is a failure of the disk. */
const ABSENT: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EACCES', 'EPERM', 'EINVAL']);

/** `kind` names it in sentences. @throws Failure when `root` is not a folder that can be read. */
export function findRoot(root: string, kind: 'image' | 'manifest' = 'image'): string {
  try {
    const realRoot = realpathSync.native(root);
    if (statSync(realRoot).isDirectory()) return realRoot;
  } catch (cause) {
    throw noRoot(kind, `The ${kind} folder ${root} ${errorCode(cause) === 'ENOENT' ? 'does not exist' : 'cannot be opened'}.`, cause);
  }
  throw noRoot(kind, `The ${kind} folder ${root} is a file; give the folder that it is in.`);
}

function noRoot(kind: string, sentence: string, cause?: unknown): Failure {
  return new Failure(refuse('server.error', `The ${kind} folder cannot be read.`), sentence, { cause });
}

/** Null unless the path, as written, is the real one. */
export function findPlace(realRoot: string, path: string): Promise<Place | null> {
  const file = path === '' ? realRoot : join(realRoot, ...path.split('/'));
  return unlessAbsent(file, async () => {
    if ((await realpath(file)) !== file) return null;
    return { file, stats: await lstat(file, { bigint: true }) };
  });
}

/** Null where the system says that there is nothing for us. */
export async function unlessAbsent<T>(file: string, look: () => Promise<T>): Promise<T | null> {
  try {
    return await look();
  } catch (cause) {
    if (ABSENT.has(errorCode(cause))) return null;
    const refusal = refuse('source.broken', 'The place where this item is kept does not answer.');
    throw new Failure(refusal, `cannot look at ${file}: ${String(cause)}`, { cause });
  }
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
