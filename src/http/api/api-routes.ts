import type { HttpRequest, Reply } from '../server/exchange.ts';
import { json } from '../server/reply.ts';
import type { Route } from '../server/router.ts';
import type { ApiDeps } from './api-deps.ts';
import { findCaller, refuseScope } from './caller.ts';
import { openApiDocument } from './openapi.ts';
import type { Operation } from './operation.ts';
import { OPERATIONS } from './operations.ts';

/** Every URL of the interface for programs, and its description. */
export function apiRoutes(deps: ApiDeps): readonly Route[] {
  const paths = [...new Set(OPERATIONS.map(({ path }) => path))];
  const description: Route = {
    methods: ['GET'],
    path: '/openapi.json',
    reader: 'program',
    handler: async (request) => json(200, openApiDocument(OPERATIONS, request.base), { 'cache-control': 'no-cache' }),
  };
  return [description, ...paths.map((path) => routeOf(deps, path))];
}

function routeOf(deps: ApiDeps, path: string): Route {
  const operations = OPERATIONS.filter((each) => each.path === path);
  return {
    methods: operations.map(({ method }) => method),
    path: path.replace(/\{(\w+)\}/g, ':$1'),
    reader: 'program',
    handler: (request) => answer(deps, operations, request),
  };
}

/** Who asks comes first: to others, nothing is said about what they sent. */
async function answer(deps: ApiDeps, operations: readonly Operation[], request: HttpRequest): Promise<Reply> {
  const caller = await findCaller(deps, request);
  if ('status' in caller) return caller;
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const asked = operations.find((each) => each.method === method);
  if (asked === undefined) throw new Error(`the router let ${request.method} through`);
  return refuseScope(caller, asked.scope) ?? (await asked.answer(deps, request, caller));
}
