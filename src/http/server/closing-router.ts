import { type Refusal, refuse } from '../../lib/problems.ts';
import type { HttpRequest, WholeReply } from './exchange.ts';
import { problem } from './reply.ts';
import { type Router, withCors } from './router.ts';

/** A router that can be closed, for the time in which answers under way end. */
export interface ClosingRouter extends Router {
  /** From now on every request is refused, and its connection closed. */
  refuseAll(): void;
}

const STOPPING: Refusal = { ...refuse('server.busy', 'This server is being stopped. Ask again in a moment.'), retryAfterSeconds: 5 };
const CLOSE = { connection: 'close' };

export function createClosingRouter(
  router: Router,
  problemPage: (refusal: Refusal, request: Pick<HttpRequest, 'header' | 'base'>) => WholeReply,
): ClosingRouter {
  let isClosed = false;

  function refuseOne(request: Omit<HttpRequest, 'params'>): WholeReply {
    const reader = router.readerOf(request.path);
    if (reader !== 'person') return withCors({ reader }, request, problem(STOPPING, CLOSE));
    const page = problemPage(STOPPING, request);
    return { ...page, headers: { ...page.headers, ...CLOSE } };
  }

  return {
    ...router,
    ready: (request) => (isClosed ? null : router.ready(request)),
    handle: async (request) => (isClosed ? refuseOne(request) : router.handle(request)),
    refuseAll() {
      isClosed = true;
    },
  };
}
