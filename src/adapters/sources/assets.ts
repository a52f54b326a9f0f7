import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { Failure, refuse } from '../../lib/problems.ts';
import type { ContentCoding, StaticFile, StaticFiles } from '../../lib/static-files.ts';

/** The rest is compressed already. */
const COMPRESSIBLE: ReadonlySet<string> = new Set(['.css', '.js', '.svg']);
/** One packet on the network: less is not worth the work at the other end. */
const LEAST_COMPRESSED_BYTES = 1_400;

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** Where the files are: beside this one in a clone (`src/`) and in the package (`dist/`) alike. */
const ROOM = join(import.meta.dirname, '../..');

/** A viewer as the package ships it, below `vendor/`, or else as npm installed it in a clone. */
interface Vendored {
  readonly name: string;
  /** The script that starts it. */
  readonly entry: string;
  readonly folders: readonly string[];
  /** Where npm puts it, from the folder of what Node would load. */
  readonly installed?: string;
}

const VENDORED: readonly Vendored[] = [
  { name: 'openseadragon', entry: 'openseadragon.min.js', folders: ['images'] },
  { name: 'mirador', entry: 'mirador.min.js', folders: [] },
  { name: '@simplewebauthn/browser', entry: 'index.umd.min.js', folders: [], installed: '../dist/bundle' },
  { name: 'shaka-player', entry: 'shaka-player.compiled-es2021.js', folders: [] },
];

interface Known {
  readonly file: string;
  readonly vendored: boolean;
}

/**
 * The files that pages of ours load. All names are listed once, at the start; a request is looked up in that list and
 * never becomes a path. What was read is kept, in each coding that was asked for: the whole list is a few megabytes.
 */
export function createAssetSource(): StaticFiles {
  const known = new Map<string, Known>([...ownFiles(), ...VENDORED.flatMap(vendoredFiles)]);
  const read = new Map<string, Promise<StaticFile>>();
  /** The reading is kept, not its answer: whoever asks meanwhile waits for the same one. */
  function keep(key: string, make: () => Promise<StaticFile>): Promise<StaticFile> {
    const making = read.get(key) ?? make();
    read.set(key, making);
    making.catch(() => read.delete(key));
    return making;
  }
  return {
    async find(name, codings) {
      const entry = known.get(name);
      if (entry === undefined) return null;
      const plain = await keep(name, () => readStaticFile(entry));
      const [coding] = codings;
      return coding === undefined || !plain.varies ? plain : keep(`${coding} ${name}`, () => compress(plain, coding));
    },
  };
}

function ownFiles(): ReadonlyArray<[string, Known]> {
  const folder = join(ROOM, 'ui/assets');
  return listFiles(folder).map((name) => [name, { file: join(folder, name), vendored: false }]);
}

function vendoredFiles(viewer: Vendored): ReadonlyArray<[string, Known]> {
  const folder = findVendored(viewer);
  if (folder === null) return [];
  const inFolders = viewer.folders.flatMap((sub) => listFiles(join(folder, sub)).map((name) => `${sub}/${name}`));
  return [viewer.entry, ...inFolders].map((name) => [`vendor/${viewer.name}/${name}`, { file: join(folder, name), vendored: true }]);
}

function findVendored({ name, entry, installed = '.' }: Vendored): string | null {
  const shipped = join(ROOM, 'vendor', name);
  if (existsSync(join(shipped, entry))) return shipped;
  const loaded = resolvePackage(name);
  const folder = loaded === null ? null : join(loaded, installed);
  return folder !== null && existsSync(join(folder, entry)) ? folder : null;
}

function resolvePackage(name: string): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve(name));
  } catch {
    return null;
  }
}

function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && CONTENT_TYPES[extname(entry.name)] !== undefined)
    .map((entry) => entry.name);
}

async function readStaticFile({ file, vendored }: Known): Promise<StaticFile> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new Failure(refuse('server.error', 'A file of the server is missing.'), `could not read ${file}`, { cause });
  });
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
  const varies = COMPRESSIBLE.has(extname(file)) && bytes.length >= LEAST_COMPRESSED_BYTES;
  return { bytes, coding: null, varies, etag, vendored, contentType: CONTENT_TYPES[extname(file)] ?? 'application/octet-stream' };
}

const ENCODE: Readonly<Record<ContentCoding, (bytes: Uint8Array) => Promise<Uint8Array>>> = {
  // Levels above 9 take twenty times as long for a tenth less.
  br: (bytes) =>
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
  gzip: (bytes) => promisify(gzip)(bytes, { level: 9 }),
};

async function compress(plain: StaticFile, coding: ContentCoding): Promise<StaticFile> {
  const bytes = await ENCODE[coding](plain.bytes);
  return { ...plain, bytes, coding, etag: plain.etag.replace(/"$/, `-${coding}"`) };
}
