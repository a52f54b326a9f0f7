import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestVisitor } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { writeFiles } from '../media/media-folder.ts';

const GLTF = JSON.stringify({ asset: { version: '2.0' }, buffers: [{ uri: 'jar.bin', byteLength: 5 }], images: [{ uri: 'clay.png' }] });

let vitrine: TestVitrine;
let nobody: TestVisitor;
let reader: TestVisitor;
beforeAll(async () => {
  vitrine = await startTestVitrine();
  const texture = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'sienna' } })
    .png()
    .toBuffer();
  await writeFiles(vitrine.images, {
    'members/jar/jar.gltf': GLTF,
    'members/jar/jar.bin': 'earth',
    'members/jar/clay.png': texture,
    'members/jar/notes.bin': 'not of the jar',
    'open/jar/jar.gltf': GLTF,
    'open/jar/jar.bin': 'earth',
    'open/jar/clay.png': texture,
  });
  nobody = new TestVisitor(vitrine);
  reader = new TestVisitor(vitrine);
  await reader.signIn('reader');
});
afterAll(() => vitrine.close());

describe('a model in several files', () => {
  it('is sent on to where the files that it names are beside it', async () => {
    const response = await nobody.ask('/media/open%2Fjar%2Fjar.gltf');
    expect([response.status, response.headers.get('location')]).toEqual([302, `${vitrine.base}/media/stream/open/jar/jar.gltf`]);
    for (const [name, type] of [
      ['jar.gltf', 'model/gltf+json'],
      ['jar.bin', 'application/octet-stream'],
      ['clay.png', 'image/png'],
    ]) {
      const part = await nobody.ask(`/media/stream/open/jar/${name}`);
      await part.arrayBuffer();
      expect([name, part.status, part.headers.get('content-type')]).toEqual([name, 200, type]);
    }
  });

  it('is judged as one item', async () => {
    for (const name of ['jar.gltf', 'jar.bin', 'clay.png']) {
      expect([name, (await nobody.ask(`/media/stream/members/jar/${name}`)).status]).toEqual([name, 401]);
      expect([name, (await reader.ask(`/media/stream/members/jar/${name}`)).status]).toEqual([name, 200]);
    }
  });

  it('has no file that it does not name', async () => {
    expect((await reader.ask('/media/stream/members/jar/notes.bin')).status).toBe(404);
    expect((await nobody.ask('/media/stream/open/photo.jpg')).status).toBe(404);
  });
});
