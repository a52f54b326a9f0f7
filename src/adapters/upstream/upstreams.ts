import { LRUCache } from 'lru-cache';
import type { UpstreamSettings } from '../../config/upstreams.ts';
import type { Item, SourceDescription } from '../../domain/item.ts';
import type { UpstreamAnswer, UpstreamAsk, UpstreamInformation, Upstreams } from '../../domain/upstream.ts';
import { CONTENT_TYPES } from '../../iiif/image/features.ts';
import type { Format, ImageRequest } from '../../iiif/image/request.ts';
import { versionOfInformation } from '../../iiif/image/upstream-information.ts';
import { renewInformation, writeRequest1 } from '../../iiif/image/version-1.ts';
import { writeRequest } from '../../iiif/image/write-request.ts';
import { isJsonObject, type Json, type JsonObject, listOf } from '../../lib/json.ts';
import { readHeldDocument } from './held-document.ts';
import { broken, createUpstreamClient, type UpstreamClient, type UpstreamReply } from './upstream-client.ts';
import { problemOf } from './upstream-problem.ts';
import { type NoteAnswer, watchClient } from './watched-client.ts';

export interface UpstreamsOptions {
  readonly upstreams: readonly UpstreamSettings[];
  readonly timeoutSeconds: number;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  /** Told of each answer of an upstream, which is named by its prefix. */
  readonly onAnswer: (prefix: string, ...answer: Parameters<NoteAnswer>) => void;
}

interface Known {
  readonly settings: UpstreamSettings;
  readonly client: UpstreamClient;
}

/** Of the most elaborate image. */
const MOST_INFORMATION_BYTES = 2_000_000;
const REMEMBERED_MILLISECONDS = 10_000;
const MOST_REMEMBERED = 5_000;

export function createUpstreams(options: UpstreamsOptions): Upstreams & { close(): Promise<void> } {
  const { timeoutSeconds, now } = options;
  const known: readonly Known[] = options.upstreams.map((settings) => ({
    settings,
    client: watchClient(createUpstreamClient({ url: settings.url, headers: settings.headers, timeoutSeconds, now }), (...answer) =>
      options.onAnswer(settings.prefix, ...answer),
    ),
  }));
  const remembered = new LRUCache<string, Promise<UpstreamInformation>>({
    max: MOST_REMEMBERED,
    ttl: REMEMBERED_MILLISECONDS,
    perf: { now },
  });

  /** Null where it is below no prefix. */
  const upstreamOf = (path: string): Known | null =>
    known.find(({ settings: { prefix } }) => prefix === '' || path.startsWith(`${prefix}/`)) ?? null;

  function getUpstream({ path, standIn }: Pick<Item, 'path' | 'standIn'>): Known {
    const found = upstreamOf(standIn ?? path);
    if (found === null) throw new Error('an item is of no upstream');
    return found;
  }

  async function fetchInformation(item: Item): Promise<UpstreamInformation> {
    const { client, settings } = getUpstream(item);
    const reply = await client.get(
      `${writeIdentifier(item.source.file, settings)}/info.json`,
      { accept: 'application/ld+json, application/json' },
      NEVER,
    );
    if (reply.status !== 200) throw problemOf(reply);
    const sent = await readHeldDocument(reply, MOST_INFORMATION_BYTES);
    const document = settings.isOfVersion1 === true ? renewInformation(sent) : sent;
    if (document === null)
      throw broken('it speaks a later version of the Image API than 1, which the options say: set its version in the options file');
    const version = versionOfInformation(document);
    if (version === null) throw broken('an information document is none of Image API 2 or 3, or has no dimensions');
    if (version !== settings.version) {
      throw broken(`it speaks Image API ${version}, and the options say ${settings.version}: set its version in the options file`);
    }
    const modified = dateOf(reply);
    return { document, description: describe(document), modified, version: versionOf(document, modified, etagOf(reply)) };
  }

  return {
    items: {
      async find(identifier) {
        const found = upstreamOf(identifier);
        if (found === null || DECODED_ONCE_MORE.test(identifier)) return null;
        const { prefix } = found.settings;
        const file = prefix === '' ? identifier : identifier.slice(prefix.length + 1);
        if (isReadAsSlash(file, found.settings)) return null;
        return {
          identifier,
          path: identifier.replace(PART, ''),
          page: 1,
          kind: 'image',
          mediaType: 'image/jpeg',
          source: { ...UNKNOWN, file },
          unseen: true,
        };
      },
      async list(folder) {
        return folder === '' ? { entries: [], total: 0, folders: 0 } : null;
      },
    },
    versionOf: (item) => getUpstream(item).settings.version,

    readInformation(item) {
      const key = `${getUpstream(item).settings.prefix}/${item.source.file}`;
      const last = remembered.get(key);
      if (last !== undefined) return last;
      const reading = fetchInformation(item);
      remembered.set(key, reading);
      reading.catch(() => remembered.delete(key));
      return reading;
    },

    addressOf(item, request) {
      const { settings } = getUpstream(item);
      const { pathname, search } = new URL(settings.url);
      return `${pathname}${search}${writeIdentifier(item.source.file, settings)}/${request === null ? 'info.json' : writeFor(settings, request)}`;
    },

    async askImage(item, ask) {
      const { client, settings } = getUpstream(item);
      const { format } = ask.request;
      const headers = { accept: CONTENT_TYPES[format], ...conditionsOf(ask) };
      return answerOf(
        await client.get(`${writeIdentifier(item.source.file, settings)}/${writeFor(settings, ask.request)}`, headers, ask.signal),
        format,
      );
    },

    async close() {
      await Promise.all(known.map(({ client }) => client.close()));
    },
  };
}

/** What stands for a slash there would lead to something else than the policy knows. */
function isReadAsSlash(file: string, { slash }: UpstreamSettings): boolean {
  return slash !== '%2F' && file.includes(slash);
}

function writeIdentifier(file: string, { slash }: UpstreamSettings): string {
  return file.split('/').map(encodeURIComponent).join(slash);
}

function writeFor({ isOfVersion1 }: UpstreamSettings, request: ImageRequest): string {
  return isOfVersion1 === true ? writeRequest1(request) : writeRequest(request);
}

/** What is asked for once is asked to the end, for all who wait for it. */
const NEVER = new AbortController().signal;

/** Nothing is known of it before the upstream is asked. */
const UNKNOWN = { bytes: 0, modified: new Date(0), version: '' };

/** Some image servers decode identifiers twice: what policies know under one name they would know under another. */
const DECODED_ONCE_MORE = /%[0-9A-Fa-f]{2}/;

/** A page or a scale of the same image, as Cantaloupe writes it: policies are about the image. */
const PART = /;[\d:;]*$/;

async function answerOf(reply: UpstreamReply, format: Format): Promise<UpstreamAnswer> {
  const validators = { etag: etagOf(reply), modified: dateOf(reply) };
  if (reply.status === 304) {
    reply.discard();
    return { kind: 'not-modified', ...validators };
  }
  if (reply.status !== 200) {
    const problem = problemOf(reply);
    if (problem.refusal.code.startsWith('upstream.') && IS_ANSWER.has(reply.status)) return problem.refusal;
    throw problem;
  }
  const mediaType = (reply.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (!isOfFormat(mediaType, format)) {
    reply.discard();
    throw broken(`it sends ${mediaType === '' ? 'bytes of no type' : mediaType} where ${CONTENT_TYPES[format]} was asked for`);
  }
  return { kind: 'image', ...validators, bytes: reply.bytes, chunks: () => reply.body(), discard: () => reply.discard() };
}

const OTHER_NAMES: Readonly<Partial<Record<Format, readonly string[]>>> = {
  jpg: ['image/jpg'],
  tif: ['image/tif'],
  jp2: ['image/jpeg2000', 'image/jpx'],
};

function isOfFormat(mediaType: string, format: Format): boolean {
  return mediaType === CONTENT_TYPES[format] || (OTHER_NAMES[format]?.includes(mediaType) ?? false);
}

const IS_ANSWER = new Set([400, 403, 413, 414, 422, 501]);

function conditionsOf({ ifNoneMatch, ifModifiedSince }: UpstreamAsk): Readonly<Record<string, string>> {
  const isList =
    ifNoneMatch !== null && /^(?:\*|(?:W\/)?"[\x21\x23-\x7e]*"(?:\s*,\s*(?:W\/)?"[\x21\x23-\x7e]*")*)$/.test(ifNoneMatch.trim());
  if (isList) return { 'if-none-match': ifNoneMatch.trim() };
  const since = ifNoneMatch === null && ifModifiedSince !== null ? new Date(ifModifiedSince) : null;
  return since === null || Number.isNaN(since.getTime()) ? {} : { 'if-modified-since': since.toUTCString() };
}

function etagOf(reply: UpstreamReply): string | null {
  const etag = reply.header('etag');
  return etag !== null && /^(?:W\/)?"[\x21\x23-\x7e]{0,200}"$/.test(etag) ? etag : null;
}

function dateOf(reply: UpstreamReply): Date | null {
  const modified = new Date(reply.header('last-modified') ?? '');
  return Number.isNaN(modified.getTime()) ? null : modified;
}

/** Of an upstream that does not date its documents, what is made of an image is made anew each hour. */
function versionOf(document: JsonObject, modified: Date | null, etag: string | null): string {
  const state = modified?.getTime() ?? `hour ${Math.floor(Date.now() / 3_600_000)}`;
  return `${document['width']}x${document['height']} ${state} ${etag}`;
}

/** What we need to know of it ourselves. */
function describe(document: JsonObject): SourceDescription {
  const size = { width: Number(document['width']), height: Number(document['height']) };
  const [tile] = listOf(document['tiles']).flatMap((each) => (isJsonObject(each) ? [each] : []));
  return {
    ...size,
    pages: 1,
    tile: tile === undefined ? null : tileOf(tile, size),
    levels: [],
    byRegion: true,
    pyramid: false,
    alpha: false,
    gray: false,
    formatName: 'IIIF',
    rights: null,
  };
}

function tileOf(tile: JsonObject, { width }: { readonly width: number }) {
  const side = (value: Json | undefined, otherwise: number) => (typeof value === 'number' && value >= 1 ? value : otherwise);
  const across = side(tile['width'], width);
  return { width: across, height: side(tile['height'], across) };
}
