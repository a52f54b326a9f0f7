import type { Logger } from 'pino';
import { createFetchedTiers } from '../../adapters/imaging/fetched-tiers.ts';
import { findUnreachable } from '../../adapters/upstream/reach.ts';
import { createUpstreamManifests } from '../../adapters/upstream/upstream-manifests.ts';
import { createUpstreams } from '../../adapters/upstream/upstreams.ts';
import type { Options } from '../../config/options.ts';
import type { Item } from '../../domain/item.ts';
import { readPart } from '../../flows/gateway/read-part.ts';
import { createSignedImages } from '../../http/access/signed-paths.ts';
import { createForwardAuth } from '../../http/forward-auth/forward-auth.ts';
import { createReadyChecks } from '../../http/forward-auth/ready-checks.ts';
import { createUpstreamAnswers } from '../../http/gateway/admin-answers.ts';
import { createGatewayFront } from '../../http/gateway/front-page.ts';
import { createImageProxy } from '../../http/gateway/image-proxy.ts';
import { createGatewayViewer } from '../../http/gateway/viewer-page.ts';
import { createGivenManifest } from '../../http/iiif/given-manifest.ts';
import { gatewayRoutes } from '../../http/routes.ts';
import type { HttpRequest } from '../../http/server/exchange.ts';
import { trustProxies } from '../../http/server/forwarded.ts';
import type { ImageApiVersion } from '../../iiif/image/request.ts';
import { openDerivatives } from '../derivatives.ts';
import { describeRendering, imageLimits, imagingOptions, renderLanes } from '../from-options.ts';
import { timeUpstreams } from '../metrics/time-upstreams.ts';
import type { Content, GivenContent, House } from './content.ts';

/** The images of image servers that somebody already has. */
export async function openUpstreamContent(options: Options, log: Logger): Promise<Content> {
  const times = timeUpstreams();
  const upstreams = createUpstreams({
    upstreams: options.upstream,
    timeoutSeconds: options.upstreamTimeoutSeconds,
    now: () => performance.now(),
    onAnswer: times.note,
  });
  const manifests = createUpstreamManifests({
    upstreams: options.upstream,
    timeoutSeconds: options.upstreamTimeoutSeconds,
    slashSubstitute: options.slashSubstitute,
    now: () => performance.now(),
  });
  const images = { describe: async (item: Item) => (await upstreams.readInformation(item)).description };
  const { items } = upstreams;
  const tiers = createFetchedTiers(imagingOptions(options), (item, region, size) => readPart(upstreams, item, region, size));
  const derivatives = openDerivatives(options, log, async (purge) => {
    tiers.purge(purge);
    return { pyramids: 0, copies: 0 };
  });
  const lanes = renderLanes(options);
  const rendering = await describeRendering(options);
  const isProxy = trustProxies(options.trustedProxies);

  function giveTo({ people, visits, visitors, access, now, digest, seal }: House): GivenContent {
    const deps = {
      upstreams,
      items,
      images,
      visits,
      seating: people.seating,
      access,
      now,
      digest,
      making: {
        images: { ...images, copy: async () => null, render: tiers.render },
        cache: derivatives,
        lanes,
        rendering,
        digest,
        limits: imageLimits(options),
      },
      slashSubstitute: options.slashSubstitute,
      lockedInformationStatus: options.lockedInformationStatus,
      recognise: people.recognise,
      signedBase: people.signed.baseFor,
    };
    const image2 = createImageProxy(2, deps);
    const image3 = createImageProxy(3, deps);
    const ready = createReadyChecks({ ...deps, visitors, isProxy, seal });
    const asking = { ...deps, images: { 2: image2, 3: image3 }, isProxy, onStranger: createStrangerLog(log), ready };
    return {
      routes: gatewayRoutes({
        image2,
        image3,
        authRequest: createForwardAuth('auth-request', asking),
        readyAuthRequest: (request) => ready.answer('auth-request', request),
        forwardAuth: createForwardAuth('forward-auth', asking),
        readyForwardAuth: (request) => ready.answer('forward-auth', request),
        ...createSignedImages(people.signed, options, (version: ImageApiVersion, recognise) =>
          createImageProxy(version, { ...deps, recognise }),
        ),
        viewer: createGatewayViewer({ ...deps, recognise: (request: HttpRequest) => people.recognise(request, 'page') }),
        givenManifest: createGivenManifest({ ...deps, manifests }),
        frontPage: createGatewayFront({
          title: options.title,
          access,
          recognise: (request: HttpRequest) => people.recognise(request, 'page'),
        }),
      }),
      answers: createUpstreamAnswers(deps),
    };
  }

  return {
    items,
    images,
    catalogue: { find: async () => null },
    derivatives,
    versionOf: upstreams.versionOf,
    titleOf: () => null,
    giveTo,
    findFault: () => findUnreachable(options.upstream.map(({ url }) => url)),
    metrics: times.metrics,
    async close() {
      await tiers.close();
      await manifests.close();
      await upstreams.close();
      await derivatives.close();
    },
  };
}

/** Once for each: whoever sets up a proxy looks here, and anybody can ask. */
function createStrangerLog(log: Logger): (address: string) => void {
  const told = new Set<string>();
  return (address) => {
    if (told.has(address) || told.size >= MOST_STRANGERS) return;
    told.add(address);
    log.warn({ address }, 'somebody asked what only proxies may ask: where this is one of yours, list it in trustedProxies');
  };
}

const MOST_STRANGERS = 20;
