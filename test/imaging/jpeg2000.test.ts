import { execFileSync, spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharp } from '../../src/adapters/imaging/sharp-library.ts';
import { wrapJp2 } from '../../src/adapters/imaging/wrap-jp2.ts';
import { findRealPart, OPENJPEG } from '../setup/real-parts.ts';
import { crop, decode, difference, failureOf, type Lab, open, openLab, type Picture, paint, planOf, withAlpha } from './pictures.ts';

/** Odd sides, so that every level has a last column and row that are partial ones. */
const PICTURE = paint(1045, 731);
const installed = findRealPart(OPENJPEG) !== null;

/** The same promises for both decoders. What only `opj_compress` can write is tested where it is installed. */
describe.each(['worker', 'process'] as const)('JPEG 2000 by the %s', (jpeg2000) => {
  const present = jpeg2000 === 'worker' || installed;

  describe.skipIf(!present)(present ? 'decoder' : `decoder (skipped: ${OPENJPEG.name} is not installed)`, () => {
    let lab: Lab;
    beforeAll(async () => {
      lab = await openLab({ jpeg2000 });
      await writeFile(lab.file('colour.png'), await open(PICTURE).png().toBuffer());
      await writeFile(lab.file('wide.png'), await open(PICTURE).toColourspace('rgb16').png().toBuffer());
      await writeFile(lab.file('gray.png'), await open(PICTURE).greyscale().toColourspace('b-w').png().toBuffer());
      await writeFile(lab.file('gray16.png'), await open(PICTURE).toColourspace('grey16').png().toBuffer());
      await writeFile(lab.file('clear.png'), await open(withAlpha(PICTURE)).png().toBuffer());
    });
    afterAll(() => lab.close());

    const half = (picture: Picture, scale: number) =>
      open(picture)
        .resize(Math.ceil(picture.width / scale), Math.ceil(picture.height / scale), { fit: 'fill' })
        .png()
        .toBuffer()
        .then((bytes) => decode(bytes, 3));

    const grayPicture = async () => decode(await readFile(lab.file('gray.png')), 3);

    it('reads what is written here, at every scale and in every corner', async () => {
      const item = await lab.save('own.jp2', await lab.render(await lab.itemOf(lab.file('colour.png')), { format: 'jp2' }));
      expect(await lab.reader.describe(item)).toMatchObject({
        width: 1045,
        height: 731,
        tile: { width: 1024, height: 1024 },
        formatName: 'tiled JPEG 2000',
      });
      expect(difference(await decode(await lab.render(item), 3), PICTURE).mean).toBeLessThanOrEqual(2);
      for (const region of [
        { x: 1024, y: 0, width: 21, height: 731 },
        { x: 1000, y: 700, width: 45, height: 31 },
        { x: 0, y: 0, width: 1, height: 1 },
      ]) {
        const seen = await decode(await lab.render(item, { region }), 3);
        expect(difference(seen, crop(PICTURE, region.x, region.y, region.width, region.height)).mean).toBeLessThanOrEqual(3);
      }
    });

    describe.skipIf(!installed)(
      installed ? 'with files of opj_compress' : `with files of opj_compress (skipped: ${OPENJPEG.package} is not installed)`,
      () => {
        const compress = (from: string, to: string, ...more: string[]) => {
          execFileSync('opj_compress', ['-i', lab.file(from), '-o', lab.file(to), ...more], { stdio: 'pipe' });
          return lab.itemOf(lab.file(to));
        };

        const ROWS = [
          ['untiled.jp2', 'colour.png', [], /^JPEG 2000$/, 0.2],
          ['untiled.j2k', 'colour.png', [], /^JPEG 2000$/, 0.2],
          ['tiled.jp2', 'colour.png', ['-t', '256,256'], /^tiled JPEG 2000$/, 0.2],
          ['odd-tiles.jp2', 'colour.png', ['-t', '300,210'], /^tiled JPEG 2000$/, 0.2],
          ['tiny-tiles.j2k', 'colour.png', ['-t', '128,64', '-n', '4'], /^tiled JPEG 2000$/, 0.2],
          ['lossy.jp2', 'colour.png', ['-t', '512,256', '-I', '-r', '10'], /^tiled JPEG 2000$/, 2],
          ['pointers.jp2', 'colour.png', ['-t', '256,256', '-TLM', '-PLT', '-p', 'RPCL', '-TP', 'R'], /^tiled JPEG 2000$/, 0.2],
          ['precincts.jp2', 'colour.png', ['-t', '512,512', '-c', '[128,128],[64,64]', '-SOP', '-EPH'], /^tiled JPEG 2000$/, 0.2],
          ['no-levels.jp2', 'colour.png', ['-n', '1'], /^JPEG 2000$/, 0.2],
          ['wide.jp2', 'wide.png', [], /^JPEG 2000, 16 bit$/, 1],
          ['wide-tiles.jp2', 'wide.png', ['-t', '256,256'], /^tiled JPEG 2000, 16 bit$/, 1],
          ['gray.jp2', 'gray.png', [], /^JPEG 2000, gray$/, 0.2],
          ['gray16.jp2', 'gray16.png', ['-t', '256,256'], /^tiled JPEG 2000, 16 bit, gray$/, 1],
          ['gray16.j2k', 'gray16.png', [], /^JPEG 2000, 16 bit, gray$/, 1],
          ['offset.jp2', 'colour.png', ['-d', '33,17'], /^JPEG 2000$/, 0.2],
        ] as const;

        it.each(ROWS)('%s comes out right', async (name, from, more, formatName, tolerance) => {
          const item = await compress(from, name, ...more);
          const expected = from.startsWith('gray') ? await grayPicture() : PICTURE;
          const description = await lab.reader.describe(item);
          expect(description).toMatchObject({ width: 1045, height: 731, pages: 1, alpha: false });
          expect(description.formatName).toMatch(formatName);
          expect(difference(await decode(await lab.render(item), 3), expected).mean).toBeLessThanOrEqual(tolerance);
          for (const region of [
            { x: 200, y: 100, width: 256, height: 256 },
            { x: 1000, y: 600, width: 45, height: 131 },
          ]) {
            const seen = await decode(await lab.render(item, { region }), 3);
            expect(difference(seen, crop(expected, region.x, region.y, region.width, region.height)).mean).toBeLessThanOrEqual(
              tolerance + 0.5,
            );
          }
          for (const scale of [2, 8, 64]) {
            const small = await half(expected, scale);
            const seen = await decode(await lab.render(item, { size: { width: small.width, height: small.height } }), 3);
            expect(difference(seen, small).mean).toBeLessThanOrEqual(tolerance + scale * 0.6 + 1);
          }
        });

        it('keeps opacity', async () => {
          const item = await compress('clear.png', 'clear.jp2', '-t', '256,256');
          expect((await lab.reader.describe(item)).alpha).toBe(true);
          expect(difference(await decode(await lab.render(item), 4), withAlpha(PICTURE)).max).toBeLessThanOrEqual(1);
        });

        it('applies a profile', async () => {
          const p3 = await open(PICTURE).withIccProfile('p3').png().toBuffer();
          const profile = (await sharp(p3).metadata()).icc ?? new Uint8Array();
          const numbers = await sharp(p3, { ignoreIcc: true }).png().toBuffer();
          for (const [name, bytes, depth] of [
            ['p3', numbers, 8],
            ['p3-wide', await sharp(numbers).toColourspace('rgb16').png().toBuffer(), 16],
          ] as const) {
            await writeFile(lab.file(`${name}.png`), bytes);
            await compress(`${name}.png`, `${name}.j2k`);
            const wrapped = wrapJp2(await readFile(lab.file(`${name}.j2k`)), {
              width: 1045,
              height: 731,
              components: 3,
              depth,
              colour: 'srgb',
              profile,
              alpha: false,
            });
            const seen = await decode(await lab.render(await lab.save(`${name}.jp2`, wrapped)), 3);
            expect(difference(seen, PICTURE).mean).toBeLessThanOrEqual(2);
          }
        });

        it('is broken when it is cut off, at full size and reduced', async () => {
          await compress('colour.png', 'whole.jp2', '-t', '256,256');
          const bytes = await readFile(lab.file('whole.jp2'));
          for (const share of [0.3, 0.7, 0.99]) {
            const item = await lab.save(`cut-${share}.jp2`, bytes.subarray(0, bytes.length * share));
            expect((await failureOf(lab.render(item))).code).toBe('source.broken');
          }
          // The boxes are true, and the codestream in them is not.
          await compress('colour.png', 'whole.j2k', '-t', '256,256');
          const stream = await readFile(lab.file('whole.j2k'));
          const wrapping = { width: 1045, height: 731, components: 3, depth: 8, colour: 'srgb', profile: null, alpha: false } as const;
          const item = await lab.save('cut.jp2', wrapJp2(stream.subarray(0, stream.length * 0.6), wrapping));
          for (const size of [
            { width: 1045, height: 731 },
            { width: 131, height: 92 },
          ]) {
            expect((await failureOf(lab.render(item, { size }))).code).toBe('source.broken');
          }
        });
      },
    );

    it('answers many who ask at the same time', async () => {
      const item = await lab.save('many.jp2', await lab.render(await lab.itemOf(lab.file('colour.png')), { format: 'jp2' }));
      const description = await lab.reader.describe(item);
      const asked = Array.from({ length: 12 }, (_, i) => {
        const region = { x: 64 * i, y: 32 * i, width: 128, height: 128 };
        return lab.reader.render(item, description, planOf({ region, size: { width: 128, height: 128 } }), new AbortController().signal);
      });
      for (const [i, bytes] of (await Promise.all(asked)).entries()) {
        expect(difference(await decode(bytes, 3), crop(PICTURE, 64 * i, 32 * i, 128, 128)).mean).toBeLessThanOrEqual(3);
      }
    });
  });
});

describe('a decode that takes too long', () => {
  it.each(['worker', 'process'] as const)('is ended, and the next one works: %s', async (jpeg2000) => {
    if (jpeg2000 === 'process' && !installed) return;
    const lab = await openLab({ jpeg2000 });
    const made = await lab.render(await lab.save('colour.png', await open(paint(3000, 2000)).png().toBuffer()), { format: 'jp2' });
    await lab.close();
    const hurried = await openLab({ jpeg2000, timeLimitSeconds: 0.005 });
    const item = await hurried.save('slow.jp2', made);
    expect((await failureOf(hurried.render(item))).code).toBe('server.timeout');
    expect((await failureOf(hurried.render(item))).code).toBe('server.timeout');
    await hurried.close();
    const patient = await openLab({ jpeg2000 });
    expect((await patient.render(await patient.save('slow.jp2', made), { size: { width: 100, height: 67 } })).length).toBeGreaterThan(100);
    await patient.close();
  });
});

describe('the worker process', () => {
  const workers = (): number[] => {
    const { stdout } = spawnSync('pgrep', ['-P', String(process.pid), '-f', 'openjpeg-worker'], { encoding: 'utf8' });
    return stdout.split('\n').filter(Boolean).map(Number);
  };

  it('takes nobody with it when it dies, and is replaced', async () => {
    const lab = await openLab({ jpeg2000: 'worker' });
    const before = new Set(workers());
    const item = await lab.save(
      'any.jp2',
      await lab.render(await lab.save('any.png', await open(PICTURE).png().toBuffer()), { format: 'jp2' }),
    );
    const [own] = workers().filter((pid) => !before.has(pid));
    if (own === undefined) throw new Error('no worker was started');
    process.kill(own, 'SIGSEGV');
    // Whoever asks in the moment of its death may get a failure, and nobody after that.
    await lab.render(item, { size: { width: 100, height: 70 } }).catch(() => undefined);
    expect(difference(await decode(await lab.render(item), 3), PICTURE).mean).toBeLessThanOrEqual(2);
    await lab.close();
    expect(workers().filter((pid) => !before.has(pid))).toEqual([]);
  });
});
