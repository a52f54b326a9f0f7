import type { Logger } from 'pino';
import { createKnownSources } from '../adapters/identity/known-sources.ts';
import { createOneTimeCodes } from '../adapters/identity/one-time-codes.ts';
import { createPasskeys } from '../adapters/identity/passkeys.ts';
import { createPasswordHasher } from '../adapters/identity/passwords.ts';
import { createImageReader } from '../adapters/imaging/image-reader.ts';
import { createMediaFiles } from '../adapters/media/media-files.ts';
import { createAccessFile } from '../adapters/sources/access-file-on-disk.ts';
import { watchAccessFile } from '../adapters/sources/access-file-watcher.ts';
import { createAssetSource } from '../adapters/sources/assets.ts';
import { createGivenManifests } from '../adapters/sources/given-manifests.ts';
import { watchIdentityFile } from '../adapters/sources/identity-file-watcher.ts';
import { readSecret } from '../adapters/storage/secret-file.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { createRandomness } from '../adapters/system/randomness.ts';
import { createSealer } from '../adapters/system/sealer.ts';
import { createSigner } from '../adapters/system/signer.ts';
import type { Options } from '../config/options.ts';
import type { LabCase } from '../domain/lab-case.ts';
import type { GivenManifests } from '../domain/ports.ts';
import { createFirstAdministratorLink, hasAdministrator } from '../flows/admin/first-administrator.ts';
import { type AccessKeeper, createAccessKeeper } from '../flows/admin/keep-access-versions.ts';
import { createRememberedVisitors } from '../flows/remember-visitors.ts';
import { createAccess } from '../http/access/access-handlers.ts';
import { createFormGuard } from '../http/access/form-guard.ts';
import { createProbeService1 } from '../http/access/probe-service-1.ts';
import { createSignedHandlers } from '../http/access/signed-paths.ts';
import { createAdmin } from '../http/admin/admin-handlers.ts';
import { createCollection } from '../http/iiif/collection.ts';
import { createGivenManifest } from '../http/iiif/given-manifest.ts';
import { createImageApi, createReadyAnswer, imageReplies } from '../http/iiif/image-api.ts';
import { createManifest } from '../http/iiif/manifest.ts';
import { createReadyImages } from '../http/iiif/ready-images.ts';
import { createLab } from '../http/lab/lab.ts';
import { createMedia, createStream } from '../http/media/media.ts';
import { createAssets } from '../http/pages/assets.ts';
import { browserCheck, browserCheckInside } from '../http/pages/browser-check.ts';
import { createFrontPage } from '../http/pages/front-page.ts';
import { createMediaPage } from '../http/pages/media-page.ts';
import { createRequestPages } from '../http/pages/requests.ts';
import { createManifestPage, createViewerPage } from '../http/pages/viewer-page.ts';
import { routes } from '../http/routes.ts';
import type { HttpRequest } from '../http/server/exchange.ts';
import { live } from '../http/server/live.ts';
import { createRouter } from '../http/server/router.ts';
import { isInLocationCase } from '../lab/cases/probe.ts';
import { UNAVAILABLE_SERVICE } from '../lab/cases/tokens.ts';
import { failTokensOf } from '../lab/failing-tokens.ts';
import type { LabAccount } from '../ui/pages/lab-case.ts';
import { openDerivatives, READY_SHARE } from './derivatives.ts';
import { basePath, describeRendering, imageLimits, imagingOptions, renderLanes, sessionLimits, siteNames } from './from-options.ts';
import { keepHouse } from './keep-house.ts';
import { listen } from './listen.ts';
import { openImages } from './open-images.ts';
import { openStores } from './open-stores.ts';
import { openPyramids } from './pyramids.ts';
import { rehearse } from './rehearse.ts';
import { createServerWide, type ServerWide } from './server-wide.ts';

export interface RunningVitrine {
  /** What to open: the public URL, or where it listens. */
  readonly url: string;
  /** The link that makes the first administrator; null where there is one. */
  readonly firstAdministrator: string | null;
  /** Lets running answers end, then closes everything. */
  close(): Promise<void>;
}

/** What answers in this process. */
export interface RunningProcess extends RunningVitrine {
  /** Takes over the access file as it is now. */
  lookAtAccess(): Promise<void>;
  /** Makes what is asked for most fast before it is asked for, in moments that nobody wants. */
  rehearse(): Promise<void>;
}

/** What the demo adds. */
export interface Lab {
  /** The account that the front page names; null where others than this machine could read it. */
  readonly account: { readonly user: string; readonly password: string } | null;
  /** Titles of pictures, by path. */
  readonly titles: ReadonlyMap<string, string>;
  /** The cases for people who write viewers; none where the demo shows somebody's own folder or access file. */
  readonly cases: readonly LabCase[];
  readonly accounts: readonly LabAccount[];
  /** Manifests that no other part of the server makes, by the case. */
  readonly documents: ReadonlyMap<string, (base: string) => object>;
}

/** An orderly stop waits this long for answers under way. */
const CLOSE_SECONDS = 8;

const NO_MANIFESTS: GivenManifests = { find: async () => null, list: async () => [] };

export interface ServerIo {
  readonly log: Logger;
  readonly lab?: Lab | null;
  /** Where this is one of several processes: what it has together with the others. */
  readonly wide?: ServerWide;
}

/** The composition root: the only place where adapters meet the rest. */
export async function startServer(options: Options, io: ServerIo): Promise<RunningProcess> {
  const { log } = io;
  const { items, catalogue, remote } = await openImages(options, log);
  const lab = io.lab !== undefined && io.lab !== null && io.lab.cases.length > 0 ? io.lab : null;
  let keeper: AccessKeeper | null = null;
  const identity = await watchIdentityFile(options.identity, () => access.judgeAgain(), log);
  const identitySources = () => [...identity.current().keys()];
  const access = await watchAccessFile(options.access, () => keeper?.noticeSoon(), lab !== null ? withoutWarnings(log) : log, {
    identitySources,
  });
  const images = createImageReader(imagingOptions(options), openPyramids(options, remote, log), remote);
  const derivatives = openDerivatives(options, log);
  const randomness = createRandomness();
  const signingKey = await readSecret(options.data, () => randomness.token(32));

  const stores = await openStores(options, { log, randomness });
  const wide = io.wide ?? createServerWide(options, log);
  const { audit, visits } = stores;
  const signer = createSigner(signingKey);
  const secrets = { randomness, signingKey, signer, passwords: createPasswordHasher() };
  const common = {
    ...stores,
    tokens: lab !== null ? failTokensOf(UNAVAILABLE_SERVICE, stores.tokens) : stores.tokens,
    ...secrets,
    access: () => access.current(),
    clock: systemClock,
    cookiePath: basePath(options.publicUrl),
    siteNames: siteNames(options),
    sealer: createSealer(signingKey),
    identitySources: createKnownSources(identity.current, { clock: systemClock, randomness, oneTimeIds: stores.oneTimeIds }),
    hasPublicUrl: options.publicUrl !== null,
    ...wide,
  };
  const people = createAccess({
    ...common,
    items,
    images,
    slashSubstitute: options.slashSubstitute,
    limits: sessionLimits(options),
    admitAdministrator: (request, user, back) => admin.admit(request, user, back),
    signedPaths: {
      origins: new Set(options.contentWithoutCookies),
      minutes: options.signedPathMinutes,
      ...(lab === null ? {} : { isForEveryViewer: isInLocationCase }),
    },
    onFailure: (error) => log.error({ err: error }, 'an access service failed'),
  });
  keeper =
    options.access === null
      ? null
      : createAccessKeeper({
          ...common,
          file: createAccessFile(options.access, access.look, { identitySources, onReplaced: wide.accessChanged }),
          onFailure: (error) => log.error({ err: error }, 'a version of the access file was not kept'),
        });
  await keeper?.notice();
  const shared = {
    items,
    images,
    visits,
    seating: people.seating,
    files: createMediaFiles(remote),
    access: () => access.current(),
    now: () => systemClock.now(),
    recognise: people.recognise,
    slashSubstitute: options.slashSubstitute,
    titleOf: (path: string) => io.lab?.titles.get(path) ?? null,
    limits: imageLimits(options),
    title: options.title,
    catalogue,
    manifests: options.manifests === null ? NO_MANIFESTS : createGivenManifests(options.manifests, log),
    digest: randomness.hash,
    onFailure: (error: unknown) => log.warn({ err: error }, 'a file could not be described'),
  };
  const imageApi = {
    ...shared,
    cache: derivatives,
    lanes: renderLanes(options),
    rendering: await describeRendering(options),
    lockedInformationStatus: options.lockedInformationStatus,
    signedBase: people.signed.baseFor,
  };
  const ready = createReadyImages({
    ...imageReplies(imageApi),
    cache: imageApi.cache,
    visitors: createRememberedVisitors(common),
    visits,
    access: shared.access,
    now: shared.now,
    maxBytes: options.derivativeMemoryMegabytes * 1_000_000 * READY_SHARE,
  });
  const pages = {
    ...shared,
    recognise: (request: HttpRequest) => people.recognise(request, 'page'),
    lab: io.lab?.account ?? null,
    labFolder: lab !== null ? 'lab' : null,
  };

  const media = { ...shared, streams: items, imageFiles: options.imageFiles, lockedInformationStatus: options.lockedInformationStatus };
  const admin = createAdmin({
    ...common,
    limits: sessionLimits(options),
    auditStore: stores.auditStore,
    firstAdministrator: createFirstAdministratorLink(common, wide.firstLink),
    items,
    accessKeeper: keeper,
    slashSubstitute: options.slashSubstitute,
    content: { imageApi, media, manifest: shared },
    oneTimeCodes: createOneTimeCodes(),
    passkeys: createPasskeys(),
    spentChallenges: stores.oneTimeIds,
    needSecondFactor: options.administratorsNeedSecondFactor,
  });

  const router = createRouter(
    routes({
      ...people.handlers,
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
      browserCheck,
      browserCheckInside,
      asking: createRequestPages({ ...pages, ...common, requestsMailTo: options.requestsMailTo, forms: createFormGuard(common) }),
      assets: createAssets(createAssetSource()),
      admin: admin.handlers,
      live,
      api: { ...common, items, derivatives, auditStore: stores.auditStore, limits: sessionLimits(options) },
      lab: lab !== null ? createLab({ ...pages, cases: lab.cases, accounts: lab.accounts, documents: lab.documents }) : null,
    }),
  );
  const stopHousekeeping = wide.keepsHouse ? keepHouse(options, { stores, signer, log }) : null;
  const server = await listen(router, options, { log, keepsHouse: wide.keepsHouse }).catch(async (error: unknown) => {
    await close();
    throw error;
  });

  async function close(): Promise<void> {
    await stopHousekeeping?.();
    access.close();
    identity.close();
    await images.close();
    await derivatives.close();
    await wide.close();
    await audit.close();
    await stores.close();
  }

  const { url } = server;
  return {
    url,
    firstAdministrator: (await hasAdministrator(stores.users)) ? null : `${url}/admin/first/${wide.firstLink.secret}`,
    lookAtAccess: access.look,
    async rehearse() {
      await rehearse(imageApi, imagingOptions(options)).catch((error: unknown) => log.warn({ err: error }, 'the rehearsal failed'));
    },
    async close() {
      await server.close(CLOSE_SECONDS);
      await close();
    },
  };
}

/** The lab shows on purpose what other access files are warned of. */
function withoutWarnings(log: Logger) {
  return { info: (message: string) => log.info(message), warn: () => {}, error: (message: string) => log.error(message) };
}
