import { cacheControl, type Keeping } from './cache-control.ts';
import { isFresh } from './conditional.ts';
import type { HttpRequest, Reply } from './exchange.ts';

export interface IiifDocument extends Keeping {
  /** As text, in the same spelling for the same document. */
  readonly body: string;
  readonly mediaType: string;
  /** Null where it is made from more than one file can date. */
  readonly modified: Date | null;
  readonly headers: Readonly<Record<string, string>>;
}

export interface DocumentDeps {
  now(): Date;
  /** Short text of a document, for its ETag. */
  digest(text: string): string;
}

const KEPT_SECONDS = 300;

/**
 * A document that readers keep and ask about again. It depends on options and texts too, so only its own ETag says whether
 * a copy is still good; the media type is part of the ETag, since the same text in another one is another representation.
 * https://www.rfc-editor.org/rfc/rfc9110#section-8.8.1
 */
export function documentReply(request: HttpRequest, document: IiifDocument, by: DocumentDeps): Reply {
  const etag = `"${by.digest(`${document.mediaType}\n${document.body}`)}"`;
  const headers = {
    'content-type': document.mediaType,
    etag,
    ...(document.modified === null ? {} : { 'last-modified': document.modified.toUTCString() }),
    'cache-control': cacheControl(document, KEPT_SECONDS, by.now()),
    ...document.headers,
  };
  const ask = { ifNoneMatch: request.header('if-none-match'), ifModifiedSince: null };
  if (isFresh(ask, etag, null)) return { status: 304, headers, body: null };
  return { status: 200, headers, body: document.body };
}
