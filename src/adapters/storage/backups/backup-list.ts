import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Within a backup: what is in it, with checksums. */
export const LIST_FILE = 'backup.json';
/** Within a backup: the files, as they lie in the data folder. */
export const FILES_FOLDER = 'data';
export const DATABASE_FILE = 'vitrine.db';

const SCHEMA = z.strictObject({
  format: z.literal(1),
  /** Version of the program that made it. */
  program: z.string(),
  madeAt: z.iso.datetime(),
  files: z.array(
    z.strictObject({
      /** From the data folder on, with slashes. */
      name: z.string().refine(staysInside),
      bytes: z.int().min(0),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});

export type BackupList = z.infer<typeof SCHEMA>;
export type BackupFile = BackupList['files'][number];

/** Null where it is none of ours. */
export async function readBackupList(folder: string): Promise<BackupList | null> {
  const text = await readFile(join(folder, LIST_FILE), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return SCHEMA.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

export async function describeFile(folder: string, name: string): Promise<BackupFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(join(folder, name)) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { name, bytes, sha256: hash.digest('hex') };
}

function staysInside(name: string): boolean {
  return name !== '' && name.split('/').every((part) => !['', '.', '..'].includes(part) && !/[\\\0]/.test(part));
}
