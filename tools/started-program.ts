import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

/** What a person sees first of a server; each thing is told to `expect`, with whether it held. */
export async function tryStarted(url: string, expect: (what: string, held: boolean) => void): Promise<void> {
  expect('/livez', (await fetch(`${url}/livez`)).status === 200);
  const tile = await fetch(`${url}/iiif/3/maps%2Fisle.jpg/0,0,512,512/512,512/0/default.jpg`);
  const { width, height } = await sharp(await tile.arrayBuffer()).metadata();
  expect('one tile', tile.status === 200 && width === 512 && height === 512);
  // Made by a worker of ours and by a writer of ours: files that a package may lack.
  for (const format of ['jp2', 'pdf']) {
    const derivative = await fetch(`${url}/iiif/3/maps%2Fisle.jpg/full/200,/0/default.${format}`);
    expect(`a derivative as ${format}`, derivative.status === 200 && (await derivative.arrayBuffer()).byteLength > 100);
  }
  expect('the front page', (await fetch(url)).status === 200);
  const player = 'vendor/shaka-player/shaka-player.compiled-es2021.js';
  for (const asset of ['vitrine.css', 'vendor/openseadragon/openseadragon.min.js', 'vendor/mirador/mirador.min.js', player]) {
    expect(`/assets/${asset}`, (await fetch(`${url}/assets/${asset}`)).status === 200);
  }
}

/** The folder that `tryStarted` wants to be served. */
export async function drawImages(folder: string): Promise<void> {
  mkdirSync(join(folder, 'maps'), { recursive: true });
  const picture = sharp({ create: { width: 1500, height: 1000, channels: 3, background: '#224488' } });
  await picture.jpeg().toFile(join(folder, 'maps/isle.jpg'));
}
