import type { Item } from '../../domain/item.ts';
import type { Visitor } from '../../domain/visitor.ts';
import { checkAtGateway } from '../../flows/gateway/check-at-gateway.ts';
import { findOutside } from '../../flows/gateway/find-outside.ts';
import type { ForwardDeps } from '../../flows/gateway/forward-image.ts';
import type { ImageApiVersion } from '../../iiif/image/request.ts';
import { once } from '../../lib/once.ts';
import { Failure, isRefusal, type Refusal, refuse } from '../../lib/problems.ts';
import { openToViewers } from '../server/cors.ts';
import type { Handler, HttpRequest, Reply, WholeReply } from '../server/exchange.ts';
import { problem } from '../server/reply.ts';
import { type AskedPath, canonicalPath, identifierOf, imageRequestOf, parseAskedPath } from './asked-path.ts';
import { letThrough } from './let-through.ts';
import { type AskingWay, type OriginalRequest, readOriginalRequest } from './original-request.ts';
import type { ReadyChecks } from './ready-checks.ts';

export interface ForwardAuthDeps extends ForwardDeps {
  readonly slashSubstitute: string | null;
  recognise(request: HttpRequest, purpose: 'content' | 'information'): Promise<Visitor>;
  /** Whether an address is that of a proxy that we believe. */
  isProxy(address: string): boolean;
  /** Somebody asks who is no proxy of ours, perhaps because nobody has listed it yet. */
  onStranger(address: string): void;
  /** What the gateway itself answers below `/iiif/{version}/`. */
  readonly images: Readonly<Record<ImageApiVersion, Handler>>;
  readonly ready: ReadyChecks;
}

/**
 * The answer to a proxy that asks before it gets bytes from the upstream itself. 204 lets the visitor through. In the way
 * of Traefik and Caddy, what it answers otherwise is what the visitor gets. nginx knows 401 and 403 alone: it hands the
 * original request over to us then, and we answer that like any other.
 */
export function createForwardAuth(way: AskingWay, deps: ForwardAuthDeps): Handler {
  const judge = way === 'auth-request' ? judgeForNginx : judgeForOthers;
  return async (request) => {
    if (!deps.isProxy(request.raw.peer)) {
      deps.onStranger(request.raw.peer);
      return problem(STRANGER);
    }
    const original = readOriginalRequest(way, request);
    return original === null ? problem(NOT_ASKED) : judge(deps, request, original);
  };
}

async function judgeForNginx(deps: ForwardAuthDeps, request: HttpRequest, original: OriginalRequest): Promise<Reply> {
  const asked = readAsked(deps, original);
  if (isRefusal(asked) || asked.parsed.kind === 'base') return bare(403);
  const outcome = await check(deps, request, asked);
  if (outcome.kind === 'denied') return bare(outcome.decision.outcome === 'access-needed' ? 401 : 403);
  if (outcome.kind === 'not-found' || isMadeHere(outcome.item)) return bare(403);
  const outside = await refuseOutside(deps, outcome.item, asked).catch(refusalOf);
  if (outside !== null) return bare(403);
  const address = deps.upstreams.addressOf(outcome.item, imageRequestOf(asked));
  if (asked.parsed.kind === 'image') deps.ready.keep('auth-request', request, original, { item: outcome.item, address });
  return letThrough(request, { ...outcome, address }, deps.now());
}

async function judgeForOthers(deps: ForwardAuthDeps, request: HttpRequest, original: OriginalRequest): Promise<Reply> {
  const asked = readAsked(deps, original);
  if (isRefusal(asked)) return openToViewers(problem(asked), request.header('origin'));
  if (asked.parsed.kind === 'base') return answerInstead(deps, request, original, asked);
  const outcome = await check(deps, request, asked);
  if (outcome.kind !== 'allowed') return answerInstead(deps, request, original, asked);
  const refusal = isMadeHere(outcome.item) ? MADE_HERE : await refuseOutside(deps, outcome.item, asked);
  if (refusal !== null) return openToViewers(problem(refusal), request.header('origin'));
  const spelling = canonicalPath(asked, deps.slashSubstitute);
  // What these proxies pass on is what was sent, and the upstream may read that in another way than we do.
  if (spelling !== original.path || original.hasQuery) return openToViewers(movedTo(request.base + spelling), request.header('origin'));
  const address = deps.upstreams.addressOf(outcome.item, imageRequestOf(asked));
  if (asked.parsed.kind === 'image') deps.ready.keep('forward-auth', request, original, { item: outcome.item, address });
  return letThrough(request, { ...outcome, address }, deps.now());
}

function readAsked({ slashSubstitute }: ForwardAuthDeps, { method, path }: OriginalRequest): AskedPath | Refusal {
  return method === 'GET' || method === 'HEAD' ? parseAskedPath(path, slashSubstitute) : OTHER_METHOD;
}

function check(deps: ForwardAuthDeps, request: HttpRequest, asked: AskedPath) {
  const isImage = asked.parsed.kind === 'image';
  const find = () => deps.recognise(request, isImage ? 'content' : 'information');
  const visitor = once(() => (isImage ? deps.ready.recognise(request, find) : find()));
  return checkAtGateway(deps, { version: asked.version, identifier: identifierOf(asked) }, visitor);
}

/** The upstream knows nothing of lesser versions. */
function isMadeHere({ tier }: Item): boolean {
  return tier !== undefined;
}

async function refuseOutside({ upstreams }: ForwardAuthDeps, item: Item, asked: AskedPath): Promise<Refusal | null> {
  const request = imageRequestOf(asked);
  return request === null ? null : findOutside(upstreams, item, request);
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Failure) return error.refusal;
  throw error;
}

function bare(status: 401 | 403): WholeReply {
  return { status, headers: { 'cache-control': 'no-store' }, body: null };
}

function movedTo(location: string): WholeReply {
  return { status: 307, headers: { location, 'cache-control': 'no-store' }, body: null };
}

/** The gateway's own answer. What is well for the visitor must not be taken for leave to go on. */
async function answerInstead(
  deps: ForwardAuthDeps,
  request: HttpRequest,
  { method, path }: OriginalRequest,
  { version, rest }: AskedPath,
): Promise<Reply> {
  const reply = await deps.images[version]({ ...request, method, path, params: { rest } });
  return openToViewers(reply.status < 300 ? { ...reply, status: 401 } : reply, request.header('origin'));
}

const STRANGER = refuse('access.refused', 'Only proxies that are listed in trustedProxies are answered here.');
const NOT_ASKED = refuse('request.malformed', 'The proxy does not say which request it asks about.');
const OTHER_METHOD = refuse('request.method', 'Use GET or HEAD here; hand requests with other methods over to the gateway itself.');
const MADE_HERE = refuse('access.refused', 'Lesser versions are made by the gateway itself: hand requests for them over to it.');
