import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { stringify } from 'yaml';
import { LAB_PICTURES, type LabPicture } from './pictures.ts';
import type { LabRecipe } from './recipe.ts';
import { drawSample } from './samples/draw-sample.ts';

const MEDIA = fileURLToPath(new URL('./media/', import.meta.url));
const MARKER = '.complete';
/** Grows when the pictures or the media change, though no case does. */
const LAB_VERSION = 1;

/**
 * Makes the folder `lab` in the image folder `images`: one folder for each case, with its files and their side files. Done
 * at once where it is there and of the same cases. It grows under another name, and gets its own at the end. The folder
 * `manifests` gets what is written by hand.
 */
export async function makeLab(
  { images, manifests }: { readonly images: string; readonly manifests: string },
  cases: readonly LabRecipe[],
): Promise<void> {
  await writeManifests(manifests, cases);
  const target = join(images, 'lab');
  const version = versionOf(cases);
  if ((await readFile(join(target, MARKER), 'utf8').catch(() => null)) === version) return;
  const unfinished = join(images, '.lab-unfinished');
  await rm(unfinished, { recursive: true, force: true });
  const draw = createPictures();
  for (const each of cases) await makeCase(join(unfinished, each.id), each, draw);
  await writeFile(join(unfinished, 'meta.yaml'), stringify({ label: { en: ['The lab'] }, summary: { en: [SUMMARY] } }));
  await writeFile(join(unfinished, MARKER), version);
  await rm(target, { recursive: true, force: true });
  await rename(unfinished, target);
}

/** Each time anew: they are small. */
async function writeManifests(folder: string, cases: readonly LabRecipe[]): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'lab'), { recursive: true });
  for (const { id, documents } of cases) {
    if (documents === null) continue;
    await writeFile(join(folder, 'lab', `${id}-2.json`), JSON.stringify(documents['2.1'], null, 2));
    await writeFile(join(folder, 'lab', `${id}-3.json`), JSON.stringify(documents['3.0'], null, 2));
  }
}

const SUMMARY = 'A case for each pattern, tier, status and error of IIIF Authentication 1.0 and Authorization Flow 2.0.';

function versionOf(cases: readonly LabRecipe[]): string {
  return createHash('sha256')
    .update(JSON.stringify([LAB_VERSION, cases]))
    .digest('hex');
}

type Draw = (name: LabPicture, page: number) => Promise<Uint8Array>;

async function makeCase(folder: string, { title, about, files, labels }: LabRecipe, draw: Draw): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'meta.yaml'), stringify({ label: { en: [title] }, summary: { en: [about] } }));
  for (const [name, source] of Object.entries(files)) {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    if ('media' in source) await cp(join(MEDIA, source.media), file, { recursive: true });
    else await writeFile(file, await draw(source.picture, source.page));
  }
  for (const [name, label] of Object.entries(labels))
    await writeFile(join(folder, `${name}.meta.yaml`), stringify({ label: { en: [label] } }));
}

/** Each picture is drawn once, however many cases show it. */
function createPictures(): Draw {
  const drawn = new Map<LabPicture, Promise<readonly Uint8Array[]>>();
  return async (name, page) => {
    const pages = drawn.get(name) ?? drawPages(name);
    drawn.set(name, pages);
    const bytes = (await pages)[page - 1];
    if (bytes === undefined) throw new RangeError(`${name} has no page ${page}.`);
    return bytes;
  };
}

function drawPages(name: LabPicture): Promise<readonly Uint8Array[]> {
  const { file, scale } = LAB_PICTURES[name];
  const pages = drawSample(file, scale).map(({ width, height, channels, data }) =>
    sharp(data, { raw: { width, height, channels } }).jpeg({ quality: 82 }).toBuffer(),
  );
  return Promise.all(pages);
}
