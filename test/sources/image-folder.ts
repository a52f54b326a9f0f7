import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface ImageFolder {
  readonly root: string;
  /** Writes a file below the root, with the folders that it needs. */
  write(path: string, content?: string): Promise<void>;
  remove(): Promise<void>;
}

/** An image folder in a folder of its own, so that there is something beside it to get at. */
export async function makeImageFolder(): Promise<ImageFolder> {
  const outside = await realpath(await mkdtemp(join(tmpdir(), 'vitrine-images-')));
  const root = join(outside, 'images');
  await mkdir(root);
  return {
    root,
    async write(path, content = 'image') {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    },
    remove: () => rm(outside, { recursive: true, maxRetries: 10 }),
  };
}

/** What hostile-identifiers.txt is about: secrets beside the root and hidden in it, and links of every kind. */
export async function addTraps({ root, write }: ImageFolder): Promise<void> {
  for (const path of ['open.jpg', 'maps/one.jpg', 'book.tif']) await write(path);
  for (const path of ['../secret.jpg', '../images-secret/secret.jpg', '.secret.jpg', '.hidden/secret.jpg', '.jpg', 'maps/.secret.jpg']) {
    await write(path, 'secret');
  }
  for (const path of [
    'notes.md',
    'folder.jpg/2',
    'folder.jpg/inside.txt',
    'folder.tif/2',
    'open.jpg.bak',
    'open.txt.php',
    'maps/.git/config',
  ]) {
    await write(path, 'secret');
  }
  const links: ReadonlyArray<[name: string, to: string]> = [
    ['link.jpg', 'open.jpg'],
    ['link-outside.jpg', '../secret.jpg'],
    ['link-beside.jpg', '../images-secret/secret.jpg'],
    ['link-folder', 'maps'],
    ['link-outside-folder', '../images-secret'],
    ['link-root', '.'],
    ['link-chain.jpg', 'link.jpg'],
    ['link-loop.jpg', 'link-loop.jpg'],
    ['link-book.tif', 'book.tif'],
  ];
  for (const [name, to] of links) await symlink(to, join(root, name));
  execFileSync('mkfifo', [join(root, 'pipe.jpg')]);
}
