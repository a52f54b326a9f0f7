import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import sharp from 'sharp';
import { drawSample } from '../src/lab/samples/draw-sample.ts';
import { writeEpub, writeTextPdf } from './lab-media/documents.ts';
import { drawVoyage } from './lab-media/frames.ts';
import { writeVase } from './lab-media/model.ts';
import { GUIDE_PAGES, GUIDE_TITLE, LOG_TEXT } from './lab-media/texts.ts';
import { playTune, writeWave } from './lab-media/tones.ts';

/**
 * Makes `src/lab/media/`: the films, sounds, documents and models of the lab. Run by hand when they shall change, on a
 * machine with ffmpeg; what it makes is in the repository, so that nothing else needs one.
 */
const target = join(import.meta.dirname, '../src/lab/media');
const work = mkdtempSync(join(tmpdir(), 'vitrine-lab-media-'));

const FILM = { width: 480, height: 270, framesPerSecond: 12, seconds: 8 };
const SOUND_SECONDS = 8;
const H264 = ['-c:v', 'libx264', '-profile:v', 'main', '-preset', 'veryslow', '-pix_fmt', 'yuv420p'];
/** A picture at the start of each segment of two seconds, so that segments end where they should. */
const SEGMENTS = ['-g', '24', '-keyint_min', '24', '-sc_threshold', '0'];
/** Without dates and names of encoders, so that the same ffmpeg makes the same bytes. */
const PLAIN = ['-map_metadata', '-1', '-fflags', '+bitexact', '-flags:v', '+bitexact', '-flags:a', '+bitexact'];

try {
  rmSync(target, { recursive: true, force: true });
  for (const folder of ['dash', 'dash-low', 'hls']) mkdirSync(join(target, folder), { recursive: true });
  await makeFilms();
  makeSounds();
  await makeDocuments();
  await makeModels();
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function makeFilms(): Promise<void> {
  const frames = join(work, 'frames.rgb');
  const tune = join(work, 'film.wav');
  await pipeline(Readable.from(drawVoyage(FILM)), createWriteStream(frames));
  writeFileSync(tune, writeWave(playTune(FILM.seconds)));
  const size = `${FILM.width}x${FILM.height}`;
  const input = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', size, '-r', String(FILM.framesPerSecond), '-i', frames, '-i', tune];
  const aac = (kilobits: number) => ['-c:a', 'aac', '-ac', '1', '-b:a', `${kilobits}k`];
  const low = ['-vf', 'scale=160:90,hue=s=0'];
  const middle = ['-vf', 'scale=320:180'];
  const film = (output: string, ...settings: string[]) => encode([...input, ...settings, ...PLAIN, join(target, output)]);
  film('voyage.mp4', ...H264, '-crf', '31', ...aac(48), '-movflags', '+faststart');
  film('voyage-low.mp4', ...low, ...H264, '-crf', '34', ...aac(24), '-ar', '22050', '-movflags', '+faststart');
  film(
    'voyage.webm',
    ...middle,
    '-c:v',
    'libvpx-vp9',
    '-b:v',
    '110k',
    '-deadline',
    'best',
    '-row-mt',
    '0',
    '-c:a',
    'libopus',
    '-ac',
    '1',
    '-b:a',
    '32k',
  );
  const dash = ['-f', 'dash', '-seg_duration', '2', '-use_template', '1', '-use_timeline', '0'];
  const names = ['-init_seg_name', 'init-$RepresentationID$.mp4', '-media_seg_name', 'part-$RepresentationID$-$Number$.m4s'];
  film('dash/manifest.mpd', ...middle, ...H264, '-crf', '33', ...SEGMENTS, ...aac(32), ...dash, ...names);
  film('dash-low/manifest.mpd', ...low, ...H264, '-crf', '34', ...SEGMENTS, ...aac(24), '-ar', '22050', ...dash, ...names);
  const hls = [
    '-f',
    'hls',
    '-hls_time',
    '2',
    '-hls_playlist_type',
    'vod',
    '-hls_segment_type',
    'fmp4',
    '-hls_fmp4_init_filename',
    'init.mp4',
  ];
  const parts = ['-hls_segment_filename', join(target, 'hls/part-%d.m4s'), '-master_pl_name', 'master.m3u8'];
  film('hls/voyage.m3u8', ...middle, ...H264, '-crf', '33', ...SEGMENTS, ...aac(32), ...hls, ...parts);
}

function makeSounds(): void {
  const wave = join(work, 'sound.wav');
  writeFileSync(wave, writeWave(playTune(SOUND_SECONDS)));
  const sound = (output: string, ...settings: string[]) => encode(['-i', wave, ...settings, ...PLAIN, join(target, output)]);
  sound('tune.mp3', '-c:a', 'libmp3lame', '-b:a', '64k');
  sound('tune-low.mp3', '-c:a', 'libmp3lame', '-ar', '16000', '-b:a', '16k');
  sound('tune.ogg', '-c:a', 'libvorbis', '-q:a', '0');
}

async function makeDocuments(): Promise<void> {
  const width = 640;
  const height = 480;
  const jpeg = await sharp(await drawn('open/maps/glass-isles.tif', width / 8000))
    .jpeg({ quality: 70 })
    .toBuffer();
  writeFileSync(join(target, 'guide.pdf'), writeTextPdf(GUIDE_PAGES, { jpeg, width, height }));
  writeFileSync(join(target, 'guide.epub'), writeEpub(GUIDE_TITLE, GUIDE_PAGES));
  writeFileSync(join(target, 'log.txt'), LOG_TEXT);
}

async function makeModels(): Promise<void> {
  const glaze = await sharp(await drawn('open/tiles/azulejo.jpg', 0.25))
    .resize(256, 256, { fit: 'cover' })
    .jpeg({ quality: 72 })
    .toBuffer();
  const { glb, gltf } = writeVase(glaze);
  writeFileSync(join(target, 'vase.glb'), glb);
  writeFileSync(join(target, 'vase.gltf'), gltf);
}

async function drawn(file: Parameters<typeof drawSample>[0], scale: number): Promise<Buffer> {
  const [page] = drawSample(file, scale);
  if (page === undefined) throw new Error(`${file} has no page.`);
  return sharp(page.data, { raw: { width: page.width, height: page.height, channels: page.channels } })
    .png()
    .toBuffer();
}

function encode(settings: readonly string[]): void {
  execFileSync('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-y', ...settings], { stdio: ['ignore', 'inherit', 'inherit'] });
}
