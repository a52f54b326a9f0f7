import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { watchAccessFile } from '../../src/adapters/sources/access-file-watcher.ts';
import { parseAccessFile } from '../../src/config/access-file.ts';
import { filesBeside } from '../../src/config/files-beside.ts';
import type { AccessModel } from '../../src/domain/access.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-marks-'));
  file = join(folder, 'conf', 'access.yaml');
  await mkdir(join(folder, 'conf', 'marks', 'folder.png'), { recursive: true });
  await writeFile(join(folder, 'conf', 'logo.png'), await logo('#ff0000'));
  await writeFile(join(folder, 'outside.png'), await logo('#00ff00'));
  await writeFile(
    join(folder, 'conf', 'marks', 'logo.webp'),
    await sharp(await logo('#0000ff'))
      .webp()
      .toBuffer(),
  );
  await writeFile(join(folder, 'conf', 'drawing.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await writeFile(join(folder, 'conf', 'large.png'), new Uint8Array(2_000_001));
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));

function logo(background: string): Promise<Buffer> {
  return sharp({ create: { width: 20, height: 10, channels: 3, background } })
    .png()
    .toBuffer();
}

const accessWith = (watermark: string) => `policies: [{ items: '**', allow: nobody, otherwise: { name: low, watermark: ${watermark} } }]\n`;
const parse = (watermark: string) => parseAccessFile(accessWith(watermark), 'access.yaml', filesBeside(file));
const markOf = (model: AccessModel) => model.policies[0]?.otherwise?.[0]?.watermark?.mark;

describe('the image of a watermark', () => {
  it.each(['logo.png', 'marks/logo.webp'])('is read from beside the access file: %s', (name) => {
    const result = parse(`{ image: ${name}, opacity: 0.5, place: center }`);
    if (!result.ok) throw new Error(JSON.stringify(result.errors));
    expect(markOf(result.model)).toMatchObject({ file: join(folder, 'conf', name), version: expect.stringMatching(/^.{43}$/) });
  });

  it.each([
    ['gone.png', 'It is not there'],
    ['../outside.png', 'It must be in the folder'],
    ['/etc/hostname', 'It must be in the folder'],
    ['marks/../../outside.png', 'It must be in the folder'],
    ['marks/folder.png', 'It is not a file'],
    ['large.png', 'It is larger than 2 MB'],
    ['drawing.svg', 'must be a PNG, JPEG or WebP'],
  ])('cannot be %s', (name, sentence) => {
    const result = parse(`{ image: ${name} }`);
    expect(result.ok ? [] : result.errors.map((error) => error.sentence)).toEqual([expect.stringContaining(sentence)]);
  });

  it.each(['{ image: logo.png, text: Mine }', '{ opacity: 0.5 }'])('stands instead of a text: %s', (watermark) => {
    const result = parse(watermark);
    expect(result.ok ? [] : result.errors.map(({ sentence }) => sentence)).toEqual([
      '"watermark" has a text or an image, and one of them only.',
    ]);
  });

  it('is taken over when the file changes, and stays as it was while it is broken', async () => {
    await writeFile(file, accessWith('{ image: logo.png }'));
    const errors: string[] = [];
    const log = { info: () => {}, warn: () => {}, error: (line: string) => void errors.push(line) };
    const watcher = await watchAccessFile(file, () => {}, log, { timing: { pollMilliseconds: 20, settleMilliseconds: 600_000 } });
    const version = () => {
      const mark = markOf(watcher.current());
      return typeof mark === 'object' ? mark.version : null;
    };
    const first = version();
    await writeFile(join(folder, 'conf', 'logo.png'), 'no image');
    await vi.waitFor(() => expect(errors.join()).toContain('must be a PNG, JPEG or WebP'), { timeout: 20_000, interval: 10 });
    expect(version()).toBe(first);
    await writeFile(join(folder, 'conf', 'logo.png'), await logo('#123456'));
    await vi.waitFor(() => expect(version()).not.toBe(first), { timeout: 20_000, interval: 10 });
    const logged = errors.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(errors.length).toBe(logged);
    watcher.close();
  });
});
