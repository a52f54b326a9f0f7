import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, type FileHandle, open, readFile, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parseAccessFile } from '../../config/access-file.ts';
import { filesBeside } from '../../config/files-beside.ts';
import type { AccessFile, AccessReading, AccessReplacement } from '../../domain/access-file.ts';

interface AccessFileParts {
  /** The names that services may list. */
  identitySources?(): readonly string[];
  /** Awaited as `takeOver` is, after the file was replaced from here. */
  onReplaced?(): Promise<void>;
}

/** `takeOver`: what makes this process read the file now. */
export function createAccessFile(
  file: string,
  takeOver: () => Promise<void>,
  { identitySources = () => [], onReplaced = async () => {} }: AccessFileParts = {},
): AccessFile {
  const name = basename(file);
  return {
    name,
    read: () => readText(file),
    takeOver,
    check: (text) => checkText(text, file, identitySources()),
    findObstacle: () => findObstacle(file),
    async replace(text, over) {
      const replacement = await replaceFile(file, text, over);
      if (replacement.kind === 'replaced') await Promise.all([takeOver(), onReplaced()]);
      return replacement;
    },
  };
}

async function readText(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch(() => null);
}

function checkText(text: string, file: string, identitySources: readonly string[]): AccessReading {
  const result = parseAccessFile(text, basename(file), filesBeside(file), identitySources);
  return result.ok ? result : { ok: false, mistakes: result.errors };
}

async function findObstacle(file: string): Promise<string | null> {
  try {
    const target = await realpath(file);
    if (await isMountPoint(target)) return sentenceOf('EBUSY');
    await access(target, constants.W_OK);
    await access(dirname(target), constants.W_OK);
    return null;
  } catch (error) {
    return sentenceOf(codeOf(error));
  }
}

/** The system refuses to replace what something is mounted on. Where it does not say, trying does. */
async function isMountPoint(target: string): Promise<boolean> {
  const table = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  const written = target.replace(/[\\ \t\n]/g, (letter) => `\\${letter.charCodeAt(0).toString(8).padStart(3, '0')}`);
  return table.split('\n').some((line) => line.split(' ')[4] === written);
}

/**
 * A new file beside the old one, with its permissions, takes its place in one step: whoever reads sees the one or the
 * other, whole. A link stays, and what it leads to is replaced.
 */
async function replaceFile(file: string, text: string, over: string): Promise<AccessReplacement> {
  const obstacle = await findObstacle(file);
  if (obstacle !== null) return { kind: 'hindered', sentence: obstacle };
  let draft: string | null = null;
  try {
    const target = await realpath(file);
    draft = join(dirname(target), `.${basename(target)}.${randomBytes(9).toString('hex')}`);
    await writeDraft(draft, text, target);
    if ((await readText(file)) !== over || (await realpath(file)) !== target) return { kind: 'changed' };
    await rename(draft, target);
    draft = null;
    await flushFolder(dirname(target));
    return { kind: 'replaced' };
  } catch (error) {
    return { kind: 'hindered', sentence: sentenceOf(codeOf(error)) };
  } finally {
    if (draft !== null) await unlink(draft).catch(() => {});
  }
}

async function writeDraft(draft: string, text: string, target: string): Promise<void> {
  const { mode, uid, gid } = await stat(target);
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await keepOwner(handle, uid, gid);
    await handle.chmod(mode & 0o777);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Only root may give a file away; others write files of their own. */
async function keepOwner(handle: FileHandle, uid: number, gid: number): Promise<void> {
  const own = await handle.stat();
  if (own.uid === uid && own.gid === gid) return;
  await handle.chown(uid, gid).catch(() => handle.chown(own.uid, gid).catch(() => {}));
}

/** Not every system can. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

const SENTENCES: Readonly<Record<string, string>> = {
  EROFS: 'It is mounted read-only.',
  EACCES: 'The account that runs this server may not write it, or not in its folder.',
  EPERM: 'The account that runs this server may not write it, or not in its folder.',
  EBUSY: 'It is mounted by itself, so it cannot be replaced in one step: mount its folder instead.',
  ENOSPC: 'The disk is full.',
  EDQUOT: 'The quota is used up.',
  ENOENT: 'It is not there.',
};

function sentenceOf(code: string): string {
  return SENTENCES[code] ?? `Writing it failed (${code}).`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
