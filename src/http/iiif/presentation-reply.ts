import type { Visitor } from '../../domain/visitor.ts';
import { manifestMediaType } from '../../iiif/presentation/manifest-media-type.ts';
import type { Keeping } from '../server/cache-control.ts';
import { closedToOthers } from '../server/cors.ts';
import { type DocumentDeps, documentReply } from '../server/document-reply.ts';
import type { HttpRequest, Reply } from '../server/exchange.ts';

/** A manifest or a collection. `open`: whether everybody gets it, so that shared caches may keep it. */
export function presentationReply(
  deps: DocumentDeps,
  request: HttpRequest,
  version: 2 | 3,
  document: object,
  { visitor, open, until, modified }: Keeping & { readonly visitor: Visitor; readonly modified: Date | null },
): Reply {
  const readers = open ? {} : closedToOthers(visitor, request.header('origin'));
  const written = {
    body: `${JSON.stringify(document, null, 2)}\n`,
    mediaType: manifestMediaType(version, request.header('accept')),
    modified,
    open,
    until,
    // The texts of access services are in the reader's language.
    headers: { vary: open ? 'Accept' : 'Accept, Accept-Language, Authorization, Cookie', ...readers },
  };
  return documentReply(request, written, deps);
}
