import type { Logger } from 'pino';
import { createImageReader } from '../../adapters/imaging/image-reader.ts';
import { createMediaFiles } from '../../adapters/media/media-files.ts';
import { createGivenManifests } from '../../adapters/sources/given-manifests.ts';
import type { Options } from '../../config/options.ts';
import type { GivenManifests } from '../../domain/ports.ts';
import { createProbeService1 } from '../../http/access/probe-service-1.ts';
import { createSignedHandlers } from '../../http/access/signed-paths.ts';
import { createOwnContentAnswers } from '../../http/admin/own-content.ts';
import { createCollection } from '../../http/iiif/collection.ts';
import { createGivenManifest } from '../../http/iiif/given-manifest.ts';
import { createImageApi, createReadyAnswer, readyImagesWork } from '../../http/iiif/image-api.ts';
import { createManifest } from '../../http/iiif/manifest.ts';
import { createReadyImages } from '../../http/iiif/ready-images.ts';
import { createLab } from '../../http/lab/lab.ts';
import { createMedia, createStream } from '../../http/media/media.ts';
import { createFrontPage } from '../../http/pages/front-page.ts';
import { createMediaPage } from '../../http/pages/media-page.ts';
import { createManifestPage, createViewerPage } from '../../http/pages/viewer-page.ts';
import { ownContentRoutes } from '../../http/routes.ts';
import type { HttpRequest } from '../../http/server/exchange.ts';
import { openDerivatives, purgeBeside, READY_SHARE } from '../derivatives.ts';
import { describeRendering, imageLimits, imagingOptions, renderLanes } from '../from-options.ts';
import { cacheMetrics } from '../metrics/cache-metrics.ts';
import { timeRenders } from '../metrics/time-renders.ts';
import { openImages } from '../open-images.ts';
import { openPyramids } from '../pyramids.ts';
import { traceRenders } from '../tracing/trace-renders.ts';
import type { Content, GivenContent, House } from './content.ts';
import type { Lab } from './lab.ts';

const NO_MANIFESTS: GivenManifests = { find: async () => null, list: async () => [] };

/** The items of a folder, or of a place in an object store. `lab`: what the demo adds. */
export async function openOwnContent(options: Options, log: Logger, lab: Lab | null): Promise<Content> {
  const { items, catalogue, remote, findFault } = await openImages(options, log);
  const images = createImageReader(imagingOptions(options), openPyramids(options, remote, log), remote);
  const derivatives = openDerivatives(options, log, purgeBeside(images, remote));
  const renders = timeRenders(traceRenders(renderLanes(options)));
  const rendering = await describeRendering(options);
  const titleOf = (path: string) => lab?.titles.get(path) ?? null;
  const cases = lab !== null && lab.cases.length > 0 ? lab : null;

  function giveTo({ people, visits, visitors, onRecalled, access, now, digest, seal }: House): GivenContent {
    const shared = {
      items,
      images,
      visits,
      seating: people.seating,
      files: createMediaFiles(remote),
      access,
      now,
      recognise: people.recognise,
      slashSubstitute: options.slashSubstitute,
      titleOf,
      limits: imageLimits(options),
      title: options.title,
      catalogue,
      manifests: options.manifests === null ? NO_MANIFESTS : createGivenManifests(options.manifests, log),
      digest,
      onFailure: (error: unknown) => log.warn({ err: error }, 'a file could not be described'),
    };
    const imageApi = {
      ...shared,
      cache: derivatives,
      lanes: renders.lanes,
      rendering,
      lockedInformationStatus: options.lockedInformationStatus,
      signedBase: people.signed.baseFor,
    };
    const ready = createReadyImages({
      ...readyImagesWork(imageApi),
      cache: imageApi.cache,
      visitors,
      onRecalled,
      visits,
      access,
      now,
      seal,
      maxBytes: options.derivativeMemoryMegabytes * 1_000_000 * READY_SHARE,
    });
    const pages = {
      ...shared,
      recognise: (request: HttpRequest) => people.recognise(request, 'page'),
      lab: lab?.account ?? null,
      labFolder: cases !== null ? 'lab' : null,
    };
    const media = { ...shared, streams: items, imageFiles: options.imageFiles, lockedInformationStatus: options.lockedInformationStatus };
    return {
      routes: ownContentRoutes({
        ...createSignedHandlers(people.signed, imageApi, media),
        image2: createImageApi(2, imageApi, ready),
        image3: createImageApi(3, imageApi, ready),
        readyImage2: createReadyAnswer(2, ready),
        readyImage3: createReadyAnswer(3, ready),
        media: createMedia(media),
        stream: createStream(media),
        probeService1: createProbeService1(media),
        manifest2: createManifest(2, shared),
        manifest3: createManifest(3, shared),
        collection2: createCollection(2, shared),
        collection3: createCollection(3, shared),
        givenManifest: createGivenManifest(shared),
        frontPage: createFrontPage(pages),
        viewer: createViewerPage(pages),
        manifestPage: createManifestPage(pages),
        mediaPage: createMediaPage(pages),
        lab: cases !== null ? createLab({ ...pages, cases: cases.cases, accounts: cases.accounts, documents: cases.documents }) : null,
      }),
      answers: createOwnContentAnswers({ imageApi, media, manifest: shared }),
    };
  }

  return {
    items,
    images,
    catalogue,
    derivatives,
    versionOf: () => 3,
    titleOf,
    giveTo,
    findFault,
    metrics: () => [...renders.metrics(), ...cacheMetrics(derivatives.counts())],
    async close() {
      await images.close();
      await derivatives.close();
    },
  };
}
