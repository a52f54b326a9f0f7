import { Failure, refuse } from '../../lib/problems.ts';

import { boundaryOf, parseMultipart } from './multipart.ts';
import type { Incoming } from './transport.ts';

const BODY_LIMIT_BYTES = 64 * 1024;

/** A form that may be larger than others may have files in it, which are read as text. @throws Failure for another media type, and for more bytes. */
export async function readForm(incoming: Incoming, mostBytes?: number): Promise<URLSearchParams> {
  const type = mediaTypeOf(incoming);
  if (type === 'multipart/form-data' && mostBytes !== undefined) return readFormWithFiles(incoming, mostBytes);
  if (type !== 'application/x-www-form-urlencoded') {
    throw new Failure(refuse('request.malformed', 'Send the form as application/x-www-form-urlencoded.'), `form sent as ${type}`);
  }
  return new URLSearchParams((await readBytes(incoming, 'The form', mostBytes ?? BODY_LIMIT_BYTES)).toString('utf8'));
}

async function readFormWithFiles(incoming: Incoming, mostBytes: number): Promise<URLSearchParams> {
  const boundary = boundaryOf(incoming.headers['content-type'] ?? '');
  const body = await readBytes(incoming, 'The form', mostBytes);
  const fields = boundary === null ? null : parseMultipart(body, boundary);
  if (fields !== null) return fields;
  throw new Failure(refuse('request.malformed', 'The form could not be read. A file in it must be text in UTF-8.'), 'no multipart form');
}

/** @throws Failure for another media type, for more than 64 kB, and for what is no JSON in UTF-8. */
export async function readJson(incoming: Incoming): Promise<unknown> {
  const type = mediaTypeOf(incoming);
  if (type !== 'application/json')
    throw new Failure(refuse('request.media-type', 'Send JSON, as application/json.'), `JSON sent as ${type}`);
  const bytes = await readBytes(incoming, 'The document', BODY_LIMIT_BYTES);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch (error) {
    throw new Failure(refuse('request.malformed', 'The body is not JSON in UTF-8.'), 'no JSON', { cause: error });
  }
}

function mediaTypeOf(incoming: Incoming): string {
  return (incoming.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

async function readBytes(incoming: Incoming, what: string, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    bytes += (chunk as Buffer).length;
    if (bytes > mostBytes) {
      throw new Failure(refuse('request.too-large', `${what} is larger than ${mostBytes / 1024} kB.`), 'body too large');
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
