import type { Visitor } from '../../domain/visitor.ts';
import type { RememberedVisitors } from '../../flows/remember-visitors.ts';
import type { HttpRequest, PlainRequest } from './exchange.ts';

/** Whoever asks for content, where the same evidence was seen a moment ago; null where it must be found out anew. */
export function recallVisitor(visitors: RememberedVisitors, request: PlainRequest): Visitor | null {
  return visitors.recall(evidenceOf(request));
}

/** Recognises, and remembers for the next request with the same evidence; but for credentials of scripts. */
export function recogniseVisitor(visitors: RememberedVisitors, request: HttpRequest, find: () => Promise<Visitor>): Promise<Visitor> {
  return request.header('authorization') === null ? visitors.recognise(evidenceOf(request), find) : find();
}

/** All that says who asks for content, but for credentials of scripts. */
function evidenceOf(request: PlainRequest): string {
  return `${request.address}\n${request.header('origin') ?? ''}\n${request.header('cookie') ?? ''}`;
}
