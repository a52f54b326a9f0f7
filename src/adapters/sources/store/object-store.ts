/**
 * Requests to an object store that speaks the protocol of Amazon S3.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 */
import { AwsClient } from 'aws4fetch';
import type { RemoteObject } from '../../../domain/item.ts';
import { Failure } from '../../../lib/problems.ts';
import { type ListedObject, parseListing, type StoreListing } from './parse-listing.ts';
import { changed, tooSlow, unreachable } from './store-failure.ts';

export interface StoreAccess {
  /** Without a path; the bucket is put into the path of requests. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** Null where the bucket is open to everybody. */
  readonly key: { readonly id: string; readonly secret: string } | null;
  /** For an answer to begin, for each part of a long one to come, and for a short one to end. */
  readonly timeLimitSeconds: number;
}

export interface ObjectStore {
  /** For logs. */
  nameOf(key: string): string;
  /** Null where there is no such object. */
  head(key: string): Promise<ListedObject | null>;
  /** Objects and prefixes directly below a prefix. */
  list(prefix: string, after: string | null): Promise<StoreListing>;
  /** So many bytes of the object that was found, all at once. */
  read(object: RemoteObject, start: number, length: number): Promise<Uint8Array>;
  stream(object: RemoteObject, start: number, length: number): AsyncGenerator<Uint8Array, void, undefined>;
}

/** A listing of 1000 keys of 1 KB, escaped, and more. */
const MOST_LISTING_BYTES = 8_000_000;
/** One that answers so may be well a moment later. */
const PASSING: ReadonlySet<number> = new Set([429, 500, 503]);
const RETRY_AFTER_MILLISECONDS = 150;

export function createObjectStore({ endpoint, region, bucket, key: secret, timeLimitSeconds }: StoreAccess): ObjectStore {
  const base = `${endpoint.replace(/\/+$/, '')}/${bucket}`;
  const signer =
    secret === null ? null : new AwsClient({ accessKeyId: secret.id, secretAccessKey: secret.secret, service: 's3', region, retries: 0 });
  const nameOf = (key: string) => `s3://${bucket}/${key}`;
  const timeLimit = timeLimitSeconds * 1000;

  /** The head of an answer, once more where the first one never came or is a passing one. */
  async function ask(what: string, url: string, init: RequestInit): Promise<Answer> {
    const first = await askOnce(what, url, init).catch((error: unknown) => {
      if (error instanceof Failure && error.refusal.code === 'source.slow') throw error;
      return null;
    });
    if (first !== null && !PASSING.has(first.response.status)) return first;
    first?.stop.abort();
    await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MILLISECONDS));
    return askOnce(what, url, init);
  }

  async function askOnce(what: string, url: string, init: RequestInit): Promise<Answer> {
    const stop = new AbortController();
    const request = signer === null ? new Request(url, init) : await signer.sign(url, init);
    // After the signature, which a proxy on the way would break by changing it.
    request.headers.set('accept-encoding', 'identity');
    try {
      // A redirect leads to another host, which nobody has allowed.
      return { stop, response: await within(timeLimit, stop, fetch(request, { signal: stop.signal, redirect: 'manual' })) };
    } catch (cause) {
      throw failureOf(what, cause);
    }
  }

  /** The body as it comes, at most so many bytes. */
  async function* partsOf(what: string, { response, stop }: Answer, most: number): AsyncGenerator<Uint8Array, void, undefined> {
    let left = most;
    const reader = response.body?.getReader();
    try {
      while (reader !== undefined) {
        const { done, value } = await within(timeLimit, stop, reader.read());
        if (done) return;
        left -= value.length;
        if (left < 0) throw unreachable(what, 'the answer is longer than it may be');
        yield value;
      }
    } catch (cause) {
      throw failureOf(what, cause);
    } finally {
      stop.abort();
    }
  }

  async function* stream({ key, etag }: RemoteObject, start: number, length: number): AsyncGenerator<Uint8Array, void, undefined> {
    if (length === 0) return;
    const what = nameOf(key);
    const end = start + length - 1;
    const answer = await ask(what, addressOf(key), { headers: { range: `bytes=${start}-${end}`, 'if-match': etag } });
    const { status, headers } = answer.response;
    if (status !== 206) answer.stop.abort();
    if (status === 404 || status === 412 || status === 416) throw changed(what);
    if (status !== 206) throw unreachable(what, `status ${status} to a range`);
    const isOther = (headers.get('etag') ?? etag) !== etag || headers.get('content-range')?.startsWith(`bytes ${start}-${end}/`) === false;
    if (isOther) {
      answer.stop.abort();
      throw changed(what);
    }
    let left = length;
    for await (const part of partsOf(what, answer, length)) {
      left -= part.length;
      yield part;
    }
    if (left > 0) throw unreachable(what, `the answer ends ${left} bytes early`);
  }

  function addressOf(key: string): string {
    return `${base}/${key.split('/').map(encodeURIComponent).join('/')}`;
  }

  return {
    nameOf,
    stream,

    async head(key) {
      const what = nameOf(key);
      const { response, stop } = await ask(what, addressOf(key), { method: 'HEAD' });
      stop.abort();
      if (response.status === 404) return null;
      const [etag, bytes] = [response.headers.get('etag'), Number(response.headers.get('content-length') ?? Number.NaN)];
      const modified = new Date(response.headers.get('last-modified') ?? '');
      if (response.status !== 200) throw unreachable(what, `status ${response.status}`);
      if (etag === null || !Number.isSafeInteger(bytes) || Number.isNaN(modified.getTime()))
        throw unreachable(what, 'a head without facts');
      return { key, etag, bytes, modified };
    },

    async list(prefix, after) {
      const what = nameOf(prefix);
      const query = new URLSearchParams({ 'list-type': '2', delimiter: '/', 'encoding-type': 'url', prefix });
      if (after !== null) query.set('continuation-token', after);
      const answer = await ask(what, `${base}?${query}`, {});
      if (answer.response.status !== 200) {
        answer.stop.abort();
        throw unreachable(what, `status ${answer.response.status} to a listing`);
      }
      const decoder = new TextDecoder();
      let xml = '';
      for await (const part of partsOf(what, answer, MOST_LISTING_BYTES)) xml += decoder.decode(part, { stream: true });
      const listing = parseListing(xml + decoder.decode());
      if (listing === null) throw unreachable(what, 'the answer is no listing');
      return listing;
    },

    async read(object, start, length) {
      const whole = new Uint8Array(length);
      let at = 0;
      for await (const part of stream(object, start, length)) {
        whole.set(part, at);
        at += part.length;
      }
      return whole;
    },
  };
}

interface Answer {
  readonly response: Response;
  /** Ends the request, whatever of it is still to come. */
  readonly stop: AbortController;
}

class TimeIsUp extends Error {}

async function within<T>(milliseconds: number, stop: AbortController, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new TimeIsUp());
      stop.abort();
    }, milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(ignoreWhatComesLate);
  }
}

function ignoreWhatComesLate(): void {}

function failureOf(what: string, cause: unknown): Failure {
  if (cause instanceof Failure) return cause;
  if (cause instanceof TimeIsUp) return tooSlow(what, 'it took too long', cause);
  const why = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
  return unreachable(what, why, cause);
}
