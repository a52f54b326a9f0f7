/** An object store of our own for tests: real signatures, and misbehaviour on request. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Kept {
  readonly bytes: Buffer;
  readonly modified: Date;
  readonly etag: string;
}

/** True where it has answered itself. */
export type Misbehaviour = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface TestStore {
  readonly endpoint: string;
  readonly bucket: string;
  readonly key: { readonly id: string; readonly secret: string };
  /** Method, path with query, and range of each request, in order. */
  readonly requests: Array<{ readonly method: string; readonly url: string; readonly range: string | null }>;
  put(key: string, bytes: Uint8Array | string, modified?: Date): void;
  remove(key: string): void;
  misbehave(how: Misbehaviour | null): void;
  close(): Promise<void>;
}

const KEY = { id: 'the-test-key', secret: 'the secret of the test' };
const REGION = 'eu-test-1';
const BUCKET = 'pictures';
/** Small, so that listings have several parts. */
const MOST_KEYS = 5;

export { REGION as TEST_REGION };

export async function openTestStore(): Promise<TestStore> {
  const objects = new Map<string, Kept>();
  const requests: TestStore['requests'] = [];
  let misbehaviour: Misbehaviour | null = null;

  const server = createServer((request, response) => {
    requests.push({ method: request.method ?? '', url: request.url ?? '', range: request.headers.range ?? null });
    if (misbehaviour?.(request, response) === true) return;
    answer(request, response);
  });

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://store');
    const [bucket = '', ...rest] = url.pathname.slice(1).split('/');
    const key = rest.map(decodeURIComponent).join('/');
    const kept = objects.get(key);
    const wrong = signatureFault(request);
    if (wrong !== null) answerError(response, 403, wrong);
    else if (bucket !== BUCKET) answerError(response, 404, 'NoSuchBucket');
    else if (key === '') answerListing(response, objects, url.searchParams);
    else if (kept === undefined) answerError(response, 404, 'NoSuchKey');
    else answerObject(request, response, kept);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bucket: BUCKET,
    key: KEY,
    requests,
    put(key, content, modified = new Date('2026-01-02T03:04:05Z')) {
      const bytes = Buffer.from(content);
      objects.set(key, { bytes, modified, etag: `"${createHash('md5').update(bytes).digest('hex')}"` });
    },
    remove: (key) => {
      objects.delete(key);
    },
    misbehave(how) {
      misbehaviour = how;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answerError(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`);
}

function answerObject(request: IncomingMessage, response: ServerResponse, { bytes, modified, etag }: Kept): void {
  const head = { etag, 'last-modified': modified.toUTCString(), 'accept-ranges': 'bytes' };
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  if (request.headers['if-match'] !== undefined && request.headers['if-match'] !== etag) {
    answerError(response, 412, 'PreconditionFailed');
  } else if (from === undefined || to === undefined) {
    response.writeHead(200, { ...head, 'content-length': bytes.length });
    response.end(request.method === 'HEAD' ? undefined : bytes);
  } else if (Number(from) >= bytes.length) {
    answerError(response, 416, 'InvalidRange');
  } else {
    const part = bytes.subarray(Number(from), Number(to) + 1);
    const range = `bytes ${from}-${Number(from) + part.length - 1}/${bytes.length}`;
    response.writeHead(206, { ...head, 'content-range': range, 'content-length': part.length });
    response.end(part);
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
function answerListing(response: ServerResponse, objects: ReadonlyMap<string, Kept>, query: URLSearchParams): void {
  const prefix = query.get('prefix') ?? '';
  const after = query.get('continuation-token') ?? '';
  const names = new Map<string, Kept | null>();
  for (const [key, kept] of [...objects].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!key.startsWith(prefix)) continue;
    const slash = key.indexOf('/', prefix.length);
    if (slash < 0) names.set(key, kept);
    else names.set(key.slice(0, slash + 1), null);
  }
  const left = [...names].filter(([name]) => name > after);
  const page = left.slice(0, MOST_KEYS);
  const isPart = left.length > page.length;
  const url = (text: string) => encodeURIComponent(text).replaceAll('%20', '+');
  const rows = page.map(([name, kept]) =>
    kept === null
      ? `<CommonPrefixes><Prefix>${url(name)}</Prefix></CommonPrefixes>`
      : `<Contents><Key>${url(name)}</Key><LastModified>${kept.modified.toISOString()}</LastModified><ETag>${kept.etag.replaceAll('"', '&quot;')}</ETag><Size>${kept.bytes.length}</Size></Contents>`,
  );
  const next = isPart
    ? `<NextContinuationToken>${page.at(-1)?.[0].replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</NextContinuationToken>`
    : '';
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end(
    `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><EncodingType>url</EncodingType><IsTruncated>${isPart}</IsTruncated>${next}${rows.join('')}</ListBucketResult>`,
  );
}

/**
 * Computed anew from what was sent, and compared.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
function signatureFault(request: IncomingMessage): string | null {
  const [, id, date, region, names = '', given = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    ) ?? [];
  if (id === undefined || date === undefined) return 'AccessDenied';
  if (id !== KEY.id) return 'InvalidAccessKeyId';
  if (region !== REGION) return 'AuthorizationHeaderMalformed';
  const time = String(request.headers['x-amz-date']);
  if (!time.startsWith(date)) return 'RequestTimeTooSkewed';
  const signed = names.split(';');
  if (!['host', 'x-amz-date', 'x-amz-content-sha256'].every((name) => signed.includes(name))) return 'AccessDenied';
  const url = new URL(request.url ?? '/', 'http://store');
  const escaped = (text: string) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const path = url.pathname
    .split('/')
    .map((part) => escaped(decodeURIComponent(part)))
    .join('/');
  const query = [...url.searchParams]
    .map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
    .sort()
    .join('&');
  const headers = signed.map((name) => `${name}:${String(request.headers[name] ?? '').trim()}\n`).join('');
  const canonical = [request.method, path, query, headers, names, request.headers['x-amz-content-sha256']].join('\n');
  const scope = `${date}/${region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', time, scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();
  const key = [region, 's3', 'aws4_request'].reduce((last, part) => hmac(last, part), hmac(`AWS4${KEY.secret}`, date));
  return timingSafeEqual(hmac(key, text), Buffer.from(given, 'hex')) ? null : 'SignatureDoesNotMatch';
}
