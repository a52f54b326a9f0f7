import { hasOpjDecompress } from '../../adapters/imaging/jp2-process-decoder.ts';
import { sharp } from '../../adapters/imaging/sharp-library.ts';
import { type Finding, findingsAbout } from './finding.ts';

const FORMATS = ['jpeg', 'png', 'webp', 'tiff', 'gif', 'heif'] as const;

export async function examineCodecs(): Promise<readonly Finding[]> {
  const say = findingsAbout('pictures');
  const missing = FORMATS.filter((format) => sharp.format[format]?.output.buffer !== true);
  const made = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#808080' } })
    .jpeg()
    .toBuffer()
    .then(
      () => null,
      (error: unknown) => String(error),
    );
  if (made !== null) return [say.wrong(`No JPEG can be made: ${made}.`)];
  const jpeg2000 = (await hasOpjDecompress())
    ? say.well('JPEG 2000 is read by opj_decompress.')
    : say.warning(
        'opj_decompress is not installed: large JPEG 2000 files are slow, and some cannot be read. Debian has it in libopenjp2-tools.',
      );
  return [
    missing.length === 0
      ? say.well(`libvips ${sharp.versions.vips} knows every format.`)
      : say.warning(`libvips lacks ${missing.join(', ')}.`),
    jpeg2000,
  ];
}
