import type { AccessModel } from '../../domain/access.ts';
import { decide } from '../../domain/decide.ts';
import type { Upstreams } from '../../domain/upstream.ts';
import type { Visitor } from '../../domain/visitor.ts';
import { findItem } from '../../flows/find-item.ts';
import { findSubstitutes, standFor } from '../../flows/find-substitutes.ts';
import type { Seating } from '../../flows/take-seat.ts';
import { authUris } from '../../iiif/auth/uris.ts';
import { parseIdentifier } from '../../iiif/image/parse-path.ts';
import { imageServiceUri } from '../../iiif/image/service-uri.ts';
import { isRefusal } from '../../lib/problems.ts';
import { viewerPage } from '../../ui/pages/viewer.ts';
import { preferredLanguage } from '../../ui/texts.ts';
import { requestLink } from '../pages/page-uris.ts';
import { closedPicture, missingPicture, viewerPolicy } from '../pages/viewer-page.ts';
import { linksFor } from '../pages/visitor-links.ts';
import type { Handler, HttpRequest } from '../server/exchange.ts';
import { page } from '../server/reply.ts';

export interface GatewayViewerDeps {
  readonly upstreams: Upstreams;
  readonly slashSubstitute: string | null;
  readonly seating: Pick<Seating, 'seat'>;
  access(): AccessModel;
  now(): Date;
  recognise(request: HttpRequest): Promise<Visitor>;
}

/** `/view/openseadragon/:identifier`: a picture of an upstream on a page of ours, where browsers keep no cookie back. */
export function createGatewayViewer(deps: GatewayViewerDeps): Handler {
  const { upstreams, slashSubstitute } = deps;
  return async (request) => {
    const lang = preferredLanguage(request.header('accept-language'));
    const identifier = parseIdentifier(request.params['identifier'] ?? '', deps);
    const access = deps.access();
    const item = isRefusal(identifier) ? null : await findItem(upstreams.items, access, identifier);
    if (item === null) return missingPicture(request, lang);
    const visitor = await deps.seating.seat(await deps.recognise(request), item);
    const decision = decide(access, item.path, visitor, deps.now(), item.tier);
    const tier =
      decision.outcome === 'allowed' ? null : standFor(decision, await findSubstitutes(upstreams.items, access, item, visitor, deps.now()));
    if (decision.outcome === 'refused' && tier === null) return closedPicture(request, decision, lang);
    const { base } = request;
    const version = upstreams.versionOf(item);
    const serviceOf = (name: string) => imageServiceUri(base, version, name, slashSubstitute);
    const body = viewerPage({
      base,
      lang,
      viewer: 'openseadragon',
      title: item.identifier.slice(item.identifier.lastIndexOf('/', item.path.length) + 1),
      infoUri: `${serviceOf(item.identifier)}/info.json`,
      probeUri: authUris(base, slashSubstitute).probe(item.identifier),
      manifestUri: null,
      canvasUri: null,
      paging: null,
      authVersion: request.query.get('auth') === '1' ? 1 : 2,
      roleMissing: decision.reason.code === 'role-missing' || decision.reason.code === 'grant-missing',
      links: {
        folder: null,
        otherViewer: null,
        image: `${serviceOf((tier ?? item).identifier)}/full/!1200,1200/0/default.jpg`,
        request: requestLink(base, item, decision),
      },
      visitor: linksFor(visitor, access, request),
    });
    return page(200, body, { 'content-security-policy': viewerPolicy('openseadragon', request.origin) });
  };
}
