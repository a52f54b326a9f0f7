import type { AccessModel } from '../../domain/access.ts';
import type { Visitor } from '../../domain/visitor.ts';
import { gatewayFrontPage } from '../../ui/pages/gateway-front.ts';
import { preferredLanguage } from '../../ui/texts.ts';
import { linksFor } from '../pages/visitor-links.ts';
import type { Handler, HttpRequest } from '../server/exchange.ts';
import { page } from '../server/reply.ts';

export interface GatewayFrontDeps {
  /** Name of the collection. */
  readonly title: string;
  access(): AccessModel;
  recognise(request: HttpRequest): Promise<Visitor>;
}

/** `/`: what this address is for. What images there are, the image server behind does not tell. */
export function createGatewayFront(deps: GatewayFrontDeps): Handler {
  return async (request) => {
    const visitor = linksFor(await deps.recognise(request), deps.access(), request);
    const lang = preferredLanguage(request.header('accept-language'));
    return page(200, gatewayFrontPage({ base: request.base, lang, title: deps.title, visitor }));
  };
}
