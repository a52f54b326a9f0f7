import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFolderSource } from '../../src/adapters/sources/folder.ts';
import { namesInModel } from '../../src/adapters/sources/model-parts.ts';

const model = (...uris: readonly string[]) => JSON.stringify({ asset: { version: '2.0' }, buffers: uris.map((uri) => ({ uri })) });

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'vitrine-models-'));
  const files = {
    'vase/vase.gltf': model('vase.bin', './textures/blue%20clay.bin', 'nowhere.bin', '../secret.bin', 'data:,x'),
    'vase/vase.bin': 'buffer',
    'vase/textures/blue clay.bin': 'clay',
    'vase/other.bin': 'named by nobody',
    'vase/copy.gltf': model('vase.bin'),
    'secret.bin': 'secret',
    'broken/broken.gltf': '{',
    'broken/part.bin': 'x',
    'part-alone.bin': 'x',
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
});
afterAll(() => rm(root, { recursive: true, force: true, maxRetries: 10 }));

describe('files of models', () => {
  it('are what the model names beside it and below', async () => {
    const source = createFolderSource(root);
    expect(await source.findPart('vase/textures/blue clay.bin')).toMatchObject({
      path: 'vase/textures/blue clay.bin',
      mediaType: 'application/octet-stream',
      item: { path: 'vase/vase.gltf' },
      otherPlaylists: [],
    });
  });

  it('belong to every model that names them', async () => {
    const part = await createFolderSource(root).findPart('vase/vase.bin');
    expect([part?.item.path, ...(part?.otherPlaylists ?? [])]).toEqual(['vase/copy.gltf', 'vase/vase.gltf']);
  });

  it('are the model too, which stands for itself alone', async () => {
    expect(await createFolderSource(root).findPart('vase/vase.gltf')).toMatchObject({
      item: { path: 'vase/vase.gltf' },
      otherPlaylists: [],
    });
  });

  it.each(['vase/other.bin', 'secret.bin', 'vase/nowhere.bin', 'broken/part.bin', 'part-alone.bin', 'vase/../secret.bin'])(
    'are none that no model names, or that it has no right to: %s',
    async (path) => {
      expect(await createFolderSource(root).findPart(path)).toBe(null);
    },
  );

  it('are no items by themselves', async () => {
    expect(await createFolderSource(root).find('vase/vase.bin')).toBe(null);
  });
});

describe('names in a model', () => {
  it.each([
    'https://example.org/x.bin',
    '//example.org/x.bin',
    '/x.bin',
    '../x.bin',
    'a/../../x.bin',
    'a/%2e%2e/x.bin',
    'a%2Fx.bin',
    'a\\x.bin',
    'x.bin?y',
    'x.bin#y',
    '%E0',
    '',
    'data:application/octet-stream;base64,AA==',
  ])('leave out what leads elsewhere: %s', (uri) => {
    expect(namesInModel(model(uri))).toEqual([]);
  });

  it.each(['', 'null', '[]', '{"buffers":{}}', '{"buffers":[null,1,{"uri":1}],"images":"x"}'])(
    'are none in what is no model: %s',
    (text) => {
      expect(namesInModel(text)).toEqual([]);
    },
  );

  it('are those of buffers and images', () => {
    expect(namesInModel('{"buffers":[{"uri":"a.bin"}],"images":[{"uri":"t/b.png"},{"bufferView":1}]}')).toEqual(['a.bin', 't/b.png']);
  });
});
