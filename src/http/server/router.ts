import { refuse } from '../../lib/problems.ts';
import { openToViewers, preflight } from './cors.ts';
import type { Handler, HttpRequest, PlainRequest, ReadyAnswer, Reply, WholeReply } from './exchange.ts';
import { problem } from './reply.ts';

/** One row of the table of URLs. */
export interface Route {
  readonly methods: ReadonlyArray<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'>;
  /** `:name` stands for one segment, `*name` for the rest; both reach the handler still percent-encoded. */
  readonly path: string;
  /** Who reads the answer. `viewer`: CORS on everything, problems as JSON. `person`: pages, problems as pages. `program`: plain. */
  readonly reader: 'viewer' | 'person' | 'program';
  readonly handler: Handler;
  /** Of a route that ends in `*name`, or has no such part: what it may answer at once. Its request has the path below. */
  readonly ready?: ReadyAnswer;
}

export interface Router {
  /** The answer to a GET, where it is there already. */
  ready(request: PlainRequest): WholeReply | null;
  /** Who would read the answer of a path; `program` where no route matches. */
  readerOf(path: string): Route['reader'];
  /** The row that answers a path, as the table writes it. */
  routeOf(path: string): string;
  handle(request: Omit<HttpRequest, 'params'>): Promise<Reply>;
}

const NO_ADDRESS = refuse('not-found', 'There is no such address on this server.');

interface Compiled {
  readonly route: Route;
  readonly segments: readonly string[];
}

/** The first route that fits the path answers. HEAD is GET without a body; OPTIONS is answered for every route. */
export function createRouter(routes: readonly Route[]): Router {
  const table: readonly Compiled[] = routes.map((route) => ({ route, segments: route.path.split('/').slice(1) }));
  const find = (path: string) => {
    const segments = path.split('/').slice(1);
    for (const { route, segments: pattern } of table) {
      const params = match(pattern, segments);
      if (params !== null) return { route, params };
    }
    return null;
  };

  const quick = routes.flatMap(({ path, ready }) => {
    if (ready === undefined) return [];
    const star = path.indexOf('*');
    const isPart = star >= 0;
    const prefix = isPart ? path.slice(0, star) : path;
    return [{ path, prefix, ready, fits: (asked: string) => (isPart ? asked.startsWith(prefix) : asked === prefix) }];
  });

  return {
    ready(request) {
      for (const { prefix, ready, fits } of quick)
        if (fits(request.path)) return ready({ ...request, path: request.path.slice(prefix.length) });
      return null;
    },
    routeOf: (path) => quick.find(({ fits }) => fits(path))?.path ?? find(path)?.route.path ?? 'none',
    readerOf: (path) => find(path)?.route.reader ?? 'program',
    async handle(request) {
      const found = find(request.path);
      if (found === null) return openToViewers(problem(NO_ADDRESS), request.header('origin'));
      return answer(found.route, { ...request, params: found.params });
    },
  };
}

async function answer(route: Route, request: HttpRequest): Promise<Reply> {
  const allow = [...route.methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])), 'OPTIONS'].join(', ');
  if (request.method === 'OPTIONS') {
    return { status: 204, headers: { allow, ...(route.reader === 'viewer' ? preflight(request) : {}) }, body: null };
  }
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  if (!route.methods.some((each) => each === method)) {
    return withCors(route, request, problem(refuse('request.method', `Use ${allow} here.`), { allow }));
  }
  return withCors(route, request, await route.handler(request));
}

/** On every answer that viewers read, errors included. */
export function withCors<R extends Reply>({ reader }: Pick<Route, 'reader'>, request: Pick<HttpRequest, 'header'>, reply: R): R {
  return reader === 'viewer' ? openToViewers(reply, request.header('origin')) : reply;
}

function match(pattern: readonly string[], segments: readonly string[]): Record<string, string> | null {
  const params: Record<string, string> = {};
  for (const [at, part] of pattern.entries()) {
    const segment = segments[at];
    if (part.startsWith('*')) {
      params[part.slice(1)] = segments.slice(at).join('/');
      return segment === undefined ? null : params;
    }
    if (segment === undefined) return null;
    if (part.startsWith(':')) params[part.slice(1)] = segment;
    else if (part !== segment) return null;
  }
  return segments.length === pattern.length ? params : null;
}
