import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { ACCESS, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

const LOCKED = '/media/members%2Fletter.jpg';

const PREVIEW = '    otherwise: { name: preview, maxSize: 100 }\n';
const WITH_PREVIEW = ACCESS.replace('roles: [reader, curator] }\n', `roles: [reader, curator] }\n${PREVIEW}`);

const plainManifest = {
  '@context': 'http://iiif.io/api/presentation/3/context.json',
  id: 'plain',
  type: 'Manifest',
  label: { en: ['Plain'] },
  items: [
    {
      id: 'plain/canvas',
      type: 'Canvas',
      width: 800,
      height: 600,
      items: [
        {
          id: 'plain/page',
          type: 'AnnotationPage',
          items: [
            {
              id: 'plain/painting',
              type: 'Annotation',
              motivation: 'painting',
              target: 'plain/canvas',
              body: { id: LOCKED, type: 'Image', format: 'image/jpeg' },
            },
          ],
        },
      ],
    },
  ],
};

let vitrine: TestVitrine;
let nobody: TestVisitor;
let reader: TestVisitor;
beforeAll(async () => {
  vitrine = await startTestVitrine({ options: { imageFiles: true }, access: WITH_PREVIEW });
  nobody = new TestVisitor(vitrine);
  reader = new TestVisitor(vitrine);
  await reader.signIn('reader');
});
afterAll(() => vitrine.close());

describe('the file of an image, where imageFiles says so', () => {
  it('is sent as it is to everybody where the image is open, whole and in parts', async () => {
    const file = await readFile(join(vitrine.images, 'open/photo.jpg'));
    const whole = await nobody.ask('/media/open%2Fphoto.jpg');
    expect(whole.status).toBe(200);
    expect(whole.headers.get('content-type')).toBe('image/jpeg');
    expect(whole.headers.get('content-disposition')).toBe('inline; filename="photo.jpg"');
    expect(Buffer.from(await whole.arrayBuffer()).equals(file)).toBe(true);
    const part = await nobody.ask('/media/open%2Fphoto.jpg', { headers: { range: 'bytes=10-19' } });
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.arrayBuffer()).equals(file.subarray(10, 20))).toBe(true);
    expect((await nobody.ask('/media/open%2Fphoto.jpg', { headers: { range: `bytes=${file.length}-` } })).status).toBe(416);
  });

  it('is locked as the image is, also where everybody may see a lesser version', async () => {
    expect((await nobody.ask(LOCKED)).status).toBe(401);
    expect((await reader.ask(LOCKED)).status).toBe(200);
    expect((await nobody.ask('/media/members%2Fletter.jpg%2F~preview')).status).toBe(404);
    expect((await nobody.ask('/iiif/3/members%2Fletter.jpg%2F~preview/info.json')).status).toBe(200);
  });

  it('is probed by HEAD with a token, and never had by one', async () => {
    const { message } = await reader.token(2, 'members');
    const headers = { authorization: `Bearer ${message['accessToken']}`, origin: VIEWER };
    expect((await nobody.ask(LOCKED, { method: 'HEAD', headers })).status).toBe(200);
    expect((await nobody.ask(LOCKED, { headers })).status).toBe(401);
    const probe = (await (await nobody.ask('/auth/probe/members%2Fletter.jpg', { headers })).json()) as { status: number };
    expect(probe.status).toBe(200);
  });

  it('is of the first page alone', async () => {
    expect((await nobody.ask('/media/open%2Fpyramid.tif')).status).toBe(200);
    expect((await nobody.ask('/media/open%2Fpyramid.tif%2F2')).status).toBe(404);
  });

  it('gets the access services in a manifest that names it without an image service', async () => {
    const manifests = join(vitrine.data, 'manifests');
    await mkdir(manifests);
    await writeFile(join(manifests, 'plain.json'), JSON.stringify(plainManifest));
    const other = await startTestVitrine({ options: { imageFiles: true, manifests } });
    try {
      const text = JSON.stringify(await (await new TestVisitor(other).ask('/presentation/manifests/plain')).json());
      expect(text).toContain(`"id":"${other.base}/auth/probe/members%2Fletter.jpg"`);
      expect(text).toContain('http://iiif.io/api/auth/1/login');
    } finally {
      await other.close();
    }
  });
});

describe('the file of an image, unless imageFiles says so', () => {
  it('is nothing that can be had, whoever asks', async () => {
    const strict = await startTestVitrine();
    try {
      const curator = new TestVisitor(strict);
      await curator.signIn('curator');
      for (const path of ['/media/open%2Fphoto.jpg', LOCKED]) expect((await curator.ask(path)).status).toBe(404);
    } finally {
      await strict.close();
    }
  });
});
