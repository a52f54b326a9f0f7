import type { Decision } from '../../domain/access.ts';
import type { Visitor } from '../../domain/visitor.ts';
import { KEPT_SECONDS } from '../iiif/image-api.ts';
import { cacheControl } from '../server/cache-control.ts';
import { closedToOthers, openToViewers } from '../server/cors.ts';
import type { PlainRequest, WholeReply } from '../server/exchange.ts';

export interface LetThrough {
  readonly visitor: Visitor;
  readonly decision: Extract<Decision, { outcome: 'allowed' }>;
  /** Path and query at the upstream of what was judged. */
  readonly address: string;
}

/**
 * What the proxy is told of somebody who may go on: what to ask the upstream for, who they are, and who may keep and read
 * the answer. Each header is there each time, since some proxies pass on the names of headers that are not.
 */
export function letThrough(request: Pick<PlainRequest, 'header'>, { visitor, decision, address }: LetThrough, now: Date): WholeReply {
  const origin = request.header('origin');
  const readers = openToViewers({ status: 204, headers: decision.open ? {} : closedToOthers(visitor, origin), body: null }, origin).headers;
  return {
    status: 204,
    headers: {
      'cache-control': 'no-store',
      'vitrine-image': address,
      'vitrine-cache-control': cacheControl(decision, KEPT_SECONDS, now),
      'vitrine-allow-origin': readers['access-control-allow-origin'] ?? '',
      'vitrine-allow-credentials': readers['access-control-allow-credentials'] ?? '',
      // Names may hold letters that headers may not.
      'remote-user': encodeURIComponent(visitor.user?.name ?? ''),
      'remote-groups': (visitor.user?.roles ?? []).map(encodeURIComponent).join(','),
    },
    body: null,
  };
}
