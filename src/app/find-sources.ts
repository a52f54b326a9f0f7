import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, relative, sep } from 'node:path';
import { createFolderSource } from '../adapters/sources/folder.ts';
import { StartProblem } from '../config/start-problem.ts';
import { parseStoreAddress } from '../config/store-address.ts';
import type { ItemSource } from '../domain/ports.ts';

/** A picture to be worked on, under the name that it has in its folder. */
export interface FoundSource {
  readonly items: ItemSource;
  readonly path: string;
  readonly bytes: number;
}

const LISTED_AT_ONCE = 1_000;

/**
 * All pictures among files and folders that lie below the folder of images, or among items of an object store. @throws
 * StartProblem where one of them does not.
 */
export async function findSourcesBelow(items: ItemSource, images: string, files: readonly string[]): Promise<readonly FoundSource[]> {
  if (files.length === 0) return findIn(items, '', images);
  const found: FoundSource[] = [];
  for (const file of files) {
    const path = parseStoreAddress(images) === null ? await pathBelow(images, file) : file;
    found.push(...(await findIn(items, path, file)));
  }
  return found;
}

async function pathBelow(root: string, file: string): Promise<string> {
  const path = relative(await realpath(root), await realpath(file))
    .split(sep)
    .join('/');
  if (path !== '..' && !path.startsWith('../')) return path;
  throw new StartProblem([`${file} is not in the folder of images, ${root}. With --out it can be anywhere.`], 2);
}

/** The same of files and folders anywhere; each is named from the folder that was given. */
export async function findSourcesAnywhere(files: readonly string[]): Promise<readonly FoundSource[]> {
  const found: FoundSource[] = [];
  for (const file of files) {
    const isFolder = (await stat(file)).isDirectory();
    const items = createFolderSource(isFolder ? file : dirname(file));
    found.push(...(await findIn(items, isFolder ? '' : basename(file), file)));
  }
  return found;
}

async function findIn(items: ItemSource, path: string, file: string): Promise<readonly FoundSource[]> {
  const below = await listBelow(items, path);
  if (below !== null) return below;
  const item = await items.find(path);
  if (item?.kind !== 'image') throw new StartProblem([`${file} is not a picture that can be read.`], 2);
  return [{ items, path: item.path, bytes: item.source.bytes }];
}

async function listBelow(items: ItemSource, folder: string): Promise<readonly FoundSource[] | null> {
  const found: FoundSource[] = [];
  for (let offset = 0; ; offset += LISTED_AT_ONCE) {
    const listing = await items.list(folder, { offset, limit: LISTED_AT_ONCE });
    if (listing === null) return null;
    for (const entry of listing.entries) {
      if (entry.kind === 'folder') found.push(...((await listBelow(items, entry.path)) ?? []));
      else if (entry.kind === 'image') found.push({ items, path: entry.path, bytes: entry.bytes });
    }
    if (offset + LISTED_AT_ONCE >= listing.total) return found;
  }
}
