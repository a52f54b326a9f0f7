import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pino from 'pino';
import sharp from 'sharp';
import { createPasswordHasher } from '../../src/adapters/identity/passwords.ts';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { startServer } from '../../src/app/start-server.ts';
import { loadOptions, realDisk } from '../../src/config/load-options.ts';
import type { Options } from '../../src/config/options.ts';

export const ACCESS = `accessServices:
  members:
    pattern: login
    label: { en: [Sign in to Example Library], de: [Anmelden bei der Beispielbibliothek] }
    heading: { en: [Members only] }
    note: { en: [Please use your library account.] }
    confirmLabel: { en: [Sign in] }
  terms:
    pattern: clickthrough
    label: { en: [Terms of use of Example Library] }
    note: { en: [For private study only.] }
policies:
  - items: open/**
    allow: everyone
  - items: members/**
    allow:
      - { service: members, roles: [reader, curator] }
  - items: curators/**
    allow:
      - { service: members, roles: [curator] }
  - items: terms/**
    allow:
      - { service: terms }
`;

export const PASSWORDS = { reader: 'correct horse battery', curator: 'staple tractor cloud' } as const;

export interface TestVitrine {
  readonly base: string;
  /** The link that the start prints. */
  readonly firstAdministrator: string | null;
  /** The image folder. */
  readonly images: string;
  readonly accessFile: string;
  readonly data: string;
  /** Lines of the log, parsed. */
  readonly log: ReadonlyArray<Record<string, unknown>>;
  /** Stops the server, and leaves its folders. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** A whole server on a free port, with a few pictures, people and an access file, in a folder of its own. */
export async function startTestVitrine(changes: { options?: Partial<Options>; access?: string | null } = {}): Promise<TestVitrine> {
  const { folder, images, data, accessFile } = await makeTestFolder(changes);
  const loaded = loadOptions({ command: 'serve', flags: { images, data, port: '0' }, environment: {}, folder, disk: realDisk });
  if (!loaded.ok) throw new Error(loaded.errors.join('\n'));
  const options: Options = { ...loaded.options, access: changes.access === null ? null : accessFile, ...changes.options };
  const log: Record<string, unknown>[] = [];
  const server = await startServer(options, {
    content: 'own',
    log: pino({ level: 'debug' }, { write: (line: string) => void log.push(JSON.parse(line)) }),
  });
  let stopped: Promise<void> | null = null;
  const stop = () => {
    stopped ??= server.close();
    return stopped;
  };
  return {
    base: server.url,
    firstAdministrator: server.firstAdministrator,
    images,
    accessFile,
    data,
    log,
    stop,
    async close() {
      await stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

/** What a test server shows and keeps. */
export async function makeTestFolder({ access }: { access?: string | null } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-test-'));
  const images = join(folder, 'images');
  const data = join(folder, 'data');
  const accessFile = join(folder, 'access.yaml');
  await makePictures(images);
  await makePeople(data);
  if (access !== null) await writeFile(accessFile, access ?? ACCESS);
  return { folder, images, data, accessFile };
}

/** 800 x 600: the four quarters are red, green, blue and white. */
export async function quarters(width = 800, height = 600) {
  const colours = ['#ff0000', '#00ff00', '#0000ff', '#ffffff'] as const;
  const half = { width: width / 2, height: height / 2 };
  const tiles = colours.map((background, at) => ({
    input: { create: { ...half, channels: 3 as const, background } },
    left: (at % 2) * half.width,
    top: Math.floor(at / 2) * half.height,
  }));
  return sharp({ create: { width, height, channels: 3, background: '#000000' } })
    .composite(tiles)
    .removeAlpha()
    .png()
    .toBuffer();
}

async function makePictures(images: string): Promise<void> {
  const png = await quarters();
  const jpeg = await sharp(png).jpeg({ quality: 95 }).toBuffer();
  const tiff = await sharp(png)
    .tiff({ tile: true, pyramid: true, tileWidth: 256, tileHeight: 256, compression: 'jpeg', quality: 95 })
    .toBuffer();
  const files: Record<string, Uint8Array> = {
    'open/quarters.png': png,
    'open/photo.jpg': jpeg,
    'open/pyramid.tif': tiff,
    'open/with space & ümlaut.jpg': jpeg,
    'open/broken.jpg': jpeg.subarray(0, 900),
    'open/lying.png': Buffer.from('this is no picture'),
    'members/letter.jpg': jpeg,
    'members/pyramid.tif': tiff,
    'curators/diary.jpg': jpeg,
    'terms/map.jpg': jpeg,
    'nowhere/unlisted.jpg': jpeg,
  };
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(images, name)), { recursive: true });
    await writeFile(join(images, name), bytes);
  }
}

async function makePeople(data: string): Promise<void> {
  await mkdir(data, { recursive: true });
  const database = await openSqlite(join(data, 'vitrine.db'));
  const passwords = createPasswordHasher();
  for (const [name, password] of Object.entries(PASSWORDS)) {
    await database.users.create({ name, roles: [name], passwordHash: await passwords.hash(password) });
  }
  await database.close();
}
