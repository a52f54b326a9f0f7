import { encodeIdentifier } from '../../iiif/image/parse-path.ts';
import { imageServiceUri } from '../../iiif/image/service-uri.ts';
import { refuse } from '../../lib/problems.ts';
import { askQuietly, type ContentAnswers, imagine, only, probeAnswer, SMALLEST } from '../admin/item-answers.ts';
import { viewerPath } from '../pages/page-uris.ts';
import { problem } from '../server/reply.ts';
import { createImageProxy, type ImageProxyDeps } from './image-proxy.ts';

/** Of a gateway: asked of the handlers that answer readers. */
export function createUpstreamAnswers(deps: ImageProxyDeps): ContentAnswers {
  const { slashSubstitute, upstreams } = deps;
  return {
    about(request, item, asking) {
      const version = upstreams.versionOf(item);
      const handler = createImageProxy(version, { ...imagine(deps, asking), signedBase: () => null });
      const encoded = encodeIdentifier(item.identifier, slashSubstitute);
      const service = imageServiceUri(request.base, version, item.identifier, slashSubstitute);
      const rest = (what: string) => ({ ...only(request), params: { rest: `${encoded}/${what}` } });
      return Promise.all([
        askQuietly('information', `${service}/info.json`, handler, rest('info.json')),
        askQuietly('pixels', `${service}/full/max/0/default.jpg`, handler, rest(SMALLEST)),
        probeAnswer(deps, request, item, asking),
      ]);
    },
    // Pictures are not listed here, so that none is shown in a list.
    thumbnail: async () => problem(refuse('not-found', 'There is no such picture.')),
    pages: ({ base }, item) => [['OpenSeadragon', viewerPath(base, 'openseadragon', item.identifier, slashSubstitute)]],
  };
}
