import { createHash } from 'node:crypto';
import { type BigIntStats, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** A file that another file names. */
export interface FileBeside {
  /** Absolute name. Private. */
  readonly file: string;
  /** Of the file system, taken before the bytes were read: changes when the file does. */
  readonly stamp: string;
  /** Of the bytes. */
  readonly version: string;
  readonly bytes: Uint8Array;
}

/** Reads a file by its name as it stands in another one; what is wrong with it as a sentence. */
export type ReadBeside = (name: string) => FileBeside | string;

/** It is kept in memory, and drawn for every tile. */
const LARGEST_BYTES = 2_000_000;

/** Names count from the folder of `file`, and lead to nowhere above it. */
export function filesBeside(file: string): ReadBeside {
  return (name) => {
    const segments = name.split('/');
    if (segments.some((segment) => segment === '' || segment === '.' || segment === '..') || /[\\\0]/.test(name)) {
      return 'It must be in the folder of this file, or below it.';
    }
    return readIt(resolve(dirname(file), ...segments));
  };
}

/** What is said of any file where none can be read. */
export function nothingBeside(): string {
  return 'No other file can be read here.';
}

function readIt(file: string): FileBeside | string {
  try {
    const stats = statSync(file, { bigint: true });
    if (!stats.isFile()) return 'It is not a file.';
    if (stats.size > LARGEST_BYTES) return `It is larger than ${LARGEST_BYTES / 1_000_000} MB.`;
    const bytes = readFileSync(file);
    return { file, stamp: stampOfStats(stats), version: createHash('sha256').update(bytes).digest('base64url'), bytes };
  } catch {
    return 'It is not there, or cannot be read.';
  }
}

export function stampOfStats({ mtimeNs, ctimeNs, size, ino, dev }: BigIntStats): string {
  return [mtimeNs, ctimeNs, size, ino, dev].join(':');
}
