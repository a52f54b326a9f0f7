import { isFresh } from './conditional.ts';
import type { HttpRequest, Reply } from './exchange.ts';

export interface IiifDocument {
  /** As text, in the same spelling for the same document. */
  readonly body: string;
  readonly mediaType: string;
  /** Null where it is made from more than one file can date. */
  readonly modified: Date | null;
  /** Whether shared caches may keep it. */
  readonly open: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * A document that readers keep and ask about again. It depends on options and texts too, so only its own ETag says whether
 * a copy is still good; the media type is part of the ETag, since the same text in another one is another representation.
 * https://www.rfc-editor.org/rfc/rfc9110#section-8.8.1
 */
export function documentReply(request: HttpRequest, document: IiifDocument, digest: (text: string) => string): Reply {
  const etag = `"${digest(`${document.mediaType}\n${document.body}`)}"`;
  const headers = {
    'content-type': document.mediaType,
    etag,
    ...(document.modified === null ? {} : { 'last-modified': document.modified.toUTCString() }),
    'cache-control': document.open ? 'public, max-age=300' : 'private, no-cache',
    ...document.headers,
  };
  const ask = { ifNoneMatch: request.header('if-none-match'), ifModifiedSince: null };
  if (isFresh(ask, etag, null)) return { status: 304, headers, body: null };
  return { status: 200, headers, body: document.body };
}
