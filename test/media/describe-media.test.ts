import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeMedia } from '../../src/adapters/media/describe-media.ts';
import { aac, flac, mp3, mp4, ogg, theora, wav, webm } from './write-media.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-media-'));
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));

async function described(bytes: Uint8Array, mediaType: string) {
  const file = join(folder, 'file');
  await writeFile(file, bytes);
  return describeMedia({ file, bytes: bytes.length, modified: new Date(), version: 'v' }, mediaType, null);
}

const SIZE = [640, 360] as const;
const SHOWN = { width: 640, height: 360 };

const DASH = `<?xml version="1.0"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT1H2M3.5S" minBufferTime="PT2S">
<Period><AdaptationSet contentType="video" maxWidth="9999"><Representation id="0" width="320" height="180"/><Representation id="1" height="360" width="640"/></AdaptationSet>
<AdaptationSet contentType="audio"><Representation id="2" bandwidth="64000"/></AdaptationSet></Period></MPD>`;
const HLS = '#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6.0,\na.ts\n#EXTINF:3.5,\nb.ts\n#EXT-X-ENDLIST\n';

describe('what a file says of itself', () => {
  it.each([
    ['a WAV', wav(2.5, 8_000), 'audio/wav', 2.5, null],
    ['a FLAC', flac(61.5), 'audio/flac', 61.5, null],
    ['an MP3 of even frames', mp3(100), 'audio/mpeg', (100 * 417 * 8) / 128_000, null],
    ['an MP3 that counts its frames, after a tag', mp3(3, { id3: true, xingFrames: 2_000 }), 'audio/mpeg', (2_000 * 1152) / 44_100, null],
    ['an Ogg with Opus', ogg('opus', 12), 'audio/ogg', 12, null],
    ['an Ogg with Vorbis', ogg('vorbis', 12), 'audio/ogg', 12, null],
    ['an Ogg with Theora', ogg('vorbis', 12, SIZE), 'video/ogg', 12, SHOWN],
    ['an Ogg with Theora and no sound', theora(20, SIZE), 'video/ogg', 20, SHOWN],
    ['an AAC', aac(100, 50), 'audio/aac', (100 * 1024) / 44_100, null],
    ['an AAC of minutes', aac(8_000), 'audio/aac', (8_000 * 1024) / 44_100, null],
    ['an MP4', mp4({ seconds: 90, size: SIZE }), 'video/mp4', 90, SHOWN],
    ['an MP4 with 64 bits', mp4({ seconds: 90, size: SIZE, long: true }), 'video/mp4', 90, SHOWN],
    ['an MP4 as a camera wrote it', mp4({ seconds: 90, size: SIZE, mediaFirst: true }), 'video/mp4', 90, SHOWN],
    ['an MP4 in fragments', mp4({ seconds: 90, size: SIZE, fragmented: true }), 'video/mp4', 90, SHOWN],
    ['an MP4 of a telephone held upright', mp4({ seconds: 90, size: SIZE, turned: true }), 'video/mp4', 90, { width: 360, height: 640 }],
    ['an M4A', mp4({ seconds: 90, size: null }), 'audio/mp4', 90, null],
    ['a WebM', webm(33.25, SIZE), 'video/webm', 33.25, SHOWN],
    ['a WebM without pictures', webm(33.25, null), 'audio/webm', 33.25, null],
    ['a DASH playlist', Buffer.from(DASH), 'application/dash+xml', 3_723.5, SHOWN],
    ['an HLS playlist of segments', Buffer.from(HLS), 'application/vnd.apple.mpegurl', 9.5, null],
    ['an HLS playlist that goes on', Buffer.from(HLS.replace('#EXT-X-ENDLIST', '')), 'application/vnd.apple.mpegurl', null, null],
    ['a PDF', Buffer.from('%PDF-1.7'), 'application/pdf', null, null],
  ])('of %s is read: duration and size', async (_name, bytes, mediaType, seconds, size) => {
    const found = await described(bytes, mediaType);
    expect(found.size).toEqual(size);
    if (seconds === null) expect(found.seconds).toBeNull();
    else expect(found.seconds).toBeCloseTo(seconds, 2);
  });

  it.each([
    ['audio/wav', wav(1, 8_000)],
    ['audio/flac', flac(1)],
    ['audio/mpeg', mp3(5, { id3: true, xingFrames: 9 })],
    ['audio/ogg', ogg('opus', 1, SIZE)],
    ['audio/aac', aac(40, 20)],
    ['video/ogg', theora(3, SIZE)],
    ['video/mp4', mp4({ seconds: 1, size: SIZE, fragmented: true })],
    ['video/webm', webm(1, SIZE)],
  ])('is nothing, or something that can be, in %s that is damaged', async (mediaType, bytes) => {
    const damage = fc.array(fc.tuple(fc.nat(Math.min(bytes.length - 1, 400)), fc.nat(255)), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(damage, fc.nat(bytes.length), async (changes, length) => {
        const damaged = Buffer.from(bytes.subarray(0, length));
        for (const [at, value] of changes) if (at < length) damaged[at] = value;
        const { seconds, size } = await described(damaged, mediaType);
        if (seconds !== null) expect(seconds).toBeGreaterThan(0);
        if (size !== null) expect(Math.min(size.width, size.height)).toBeGreaterThan(0);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['a list beside it', 'low.m3u8', 9.5],
    ['a list above it', '../low.m3u8', null],
    ['a list elsewhere', 'https://example.org/low.m3u8', null],
    ['a list that is not there', 'high.m3u8', null],
  ])('of a playlist of HLS that names others is in the first of them: %s', async (_name, variant, seconds) => {
    await writeFile(join(folder, 'low.m3u8'), HLS);
    const main = `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=320x180\n${variant}\n#EXT-X-STREAM-INF:BANDWIDTH=2,RESOLUTION=640x360\nhigh.m3u8\n`;
    const found = await described(Buffer.from(main), 'application/vnd.apple.mpegurl');
    expect(found).toEqual({ seconds, size: SHOWN });
  });

  it('is nothing where the file goes round in circles', async () => {
    const endless = Buffer.alloc(4_000_000);
    for (let at = 0; at + 8 < endless.length; at += 8) endless.writeUInt32BE(8, at);
    expect(await described(endless, 'video/mp4')).toEqual({ seconds: null, size: null });
  });
});
