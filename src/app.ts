import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { cacheDevices } from './adapters/cache/devices.ts';
import { cacheItemGrants } from './adapters/cache/item-grants.ts';
import { createMemoryDerivatives } from './adapters/cache/memory-derivatives.ts';
import { cachePersonalTokens } from './adapters/cache/personal-tokens.ts';
import { cacheSeats } from './adapters/cache/seats.ts';
import { cacheSessions } from './adapters/cache/sessions.ts';
import { cacheUsers } from './adapters/cache/users.ts';
import { adhocCertificate, type Certificate } from './adapters/certificates/adhoc.ts';
import { readCertificate } from './adapters/certificates/files.ts';
import { createKnownSources } from './adapters/identity/known-sources.ts';
import { createOneTimeCodes } from './adapters/identity/one-time-codes.ts';
import { createPasskeys } from './adapters/identity/passkeys.ts';
import { createPasswordHasher } from './adapters/identity/passwords.ts';
import { createImageReader } from './adapters/imaging/image-reader.ts';
import { removeLeftFolders } from './adapters/imaging/jp2-folders.ts';
import { createSmtpTransport } from './adapters/mail/smtp.ts';
import { createMediaFiles } from './adapters/media/media-files.ts';
import { createAccessFile } from './adapters/sources/access-file-on-disk.ts';
import { watchAccessFile } from './adapters/sources/access-file-watcher.ts';
import { createAssetSource } from './adapters/sources/assets.ts';
import { createFolderSource } from './adapters/sources/folder.ts';
import { createGivenManifests } from './adapters/sources/given-manifests.ts';
import { watchIdentityFile } from './adapters/sources/identity-file-watcher.ts';
import { createSideFiles } from './adapters/sources/side-files.ts';
import { readSecret } from './adapters/storage/secret-file.ts';
import { openSqlite } from './adapters/storage/sqlite/open.ts';
import { systemClock } from './adapters/system/clock.ts';
import { createRandomness } from './adapters/system/randomness.ts';
import { createSealer } from './adapters/system/sealer.ts';
import { createSigner } from './adapters/system/signer.ts';
import type { Options } from './config/options.ts';
import { parseSmtpUrl } from './config/smtp-url.ts';
import type { LabCase } from './domain/lab-case.ts';
import type { GivenManifests } from './domain/ports.ts';
import type { SessionLimits } from './domain/session.ts';
import { createFirstAdministratorLink, hasAdministrator } from './flows/admin/first-administrator.ts';
import { type AccessKeeper, createAccessKeeper } from './flows/admin/keep-access-versions.ts';
import { createAuditTrail } from './flows/audit-trail.ts';
import { createVisitAudit } from './flows/audit-visits.ts';
import { type AuditLimits, keepAudit } from './flows/keep-audit.ts';
import { createMailQueue, type RunningMailQueue } from './flows/mail-queue.ts';
import { removeEndedSessions } from './flows/remove-ended-sessions.ts';
import { removeEndedSignIns } from './flows/remove-ended-sign-ins.ts';
import { createRenderLanes } from './flows/render-lanes.ts';
import { createAccess } from './http/access/access-handlers.ts';
import { createFormGuard } from './http/access/form-guard.ts';
import { createProbeService1 } from './http/access/probe-service-1.ts';
import { createSignedHandlers } from './http/access/signed-paths.ts';
import { createAdmin } from './http/admin/admin-handlers.ts';
import { createCollection } from './http/iiif/collection.ts';
import { createGivenManifest } from './http/iiif/given-manifest.ts';
import { createImageApi } from './http/iiif/image-api.ts';
import { createManifest } from './http/iiif/manifest.ts';
import { createLab } from './http/lab/lab.ts';
import { createMedia, createStream } from './http/media/media.ts';
import { createAssets } from './http/pages/assets.ts';
import { browserCheck, browserCheckInside } from './http/pages/browser-check.ts';
import { createFrontPage } from './http/pages/front-page.ts';
import { createMediaPage } from './http/pages/media-page.ts';
import { problemPage } from './http/pages/problem-page.ts';
import { createRequestPages } from './http/pages/requests.ts';
import { createManifestPage, createViewerPage } from './http/pages/viewer-page.ts';
import { routes } from './http/routes.ts';
import type { HttpRequest } from './http/server/exchange.ts';
import { trustProxies } from './http/server/forwarded.ts';
import { live } from './http/server/live.ts';
import { createRouter, type Router } from './http/server/router.ts';
import { startWebServer } from './http/server/server.ts';
import { createServerLog } from './http/server/server-log.ts';
import type { ImageLimits } from './iiif/image/plan.ts';
import { isInLocationCase } from './lab/cases/probe.ts';
import { UNAVAILABLE_SERVICE } from './lab/cases/tokens.ts';
import { failTokensOf } from './lab/failing-tokens.ts';
import type { LabAccount } from './ui/pages/lab-case.ts';

export interface RunningVitrine {
  /** What to open: the public URL, or where it listens. */
  readonly url: string;
  /** The link that makes the first administrator; null where there is one. */
  readonly firstAdministrator: string | null;
  /** Lets running answers end, then closes everything. */
  close(): Promise<void>;
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

const HOUSEKEEPING_MINUTES = 10;
/** An orderly stop waits this long for answers under way. */
const CLOSE_SECONDS = 8;
/** A request in the lane of big images gives up after this; it has a time to come back. */
const LANE_WAIT_SECONDS = 20;

const NO_MANIFESTS: GivenManifests = { find: async () => null, list: async () => [] };

/** The composition root: the only place where adapters meet the rest. */
export async function startServer(options: Options, io: { readonly log: Logger; readonly lab?: Lab | null }): Promise<RunningVitrine> {
  const { log } = io;
  const items = createFolderSource(options.images);
  const lab = io.lab !== undefined && io.lab !== null && io.lab.cases.length > 0 ? io.lab : null;
  let keeper: AccessKeeper | null = null;
  const identity = await watchIdentityFile(options.identity, () => access.judgeAgain(), log);
  const identitySources = () => [...identity.current().keys()];
  const access = await watchAccessFile(options.access, () => keeper?.noticeSoon(), lab !== null ? withoutWarnings(log) : log, {
    identitySources,
  });
  const database = await openSqlite(join(options.data, 'vitrine.db'));
  removeLeftFolders(systemClock.now()).catch((error: unknown) => log.warn({ err: error }, 'old files could not be removed'));
  const images = createImageReader(imagingOptions(options));
  const randomness = createRandomness();
  const signingKey = await readSecret(options.data, () => randomness.token(32));

  const audit = createAuditTrail({
    audit: database.audit,
    clock: systemClock,
    randomness,
    onFailure: (error) => log.error({ err: error }, 'the audit could not be written'),
  });
  const { changesElsewhere } = database;
  const sessions = cacheSessions(database.sessions, {
    changesElsewhere,
    onTouchFailed: (error) => log.error({ err: error }, 'the use of a session was not stored'),
  });

  const visits = createVisitAudit({ audit, clock: systemClock, views: options.auditViews });
  const signer = createSigner(signingKey);
  const stores = {
    ...database,
    audit,
    visits,
    tokens: lab !== null ? failTokensOf(UNAVAILABLE_SERVICE, database.tokens) : database.tokens,
    sessions,
    users: cacheUsers(database.users, { changesElsewhere, onSessionsEnded: sessions.forgetAll }),
    devices: cacheDevices(database.devices, {
      changesElsewhere,
      onTouchFailed: (error) => log.error({ err: error }, 'the use of a device was not stored'),
    }),
    personalTokens: cachePersonalTokens(database.personalTokens, {
      changesElsewhere,
      onTouchFailed: (error) => log.error({ err: error }, 'the use of a personal token was not stored'),
    }),
    itemGrants: cacheItemGrants(database.itemGrants, { changesElsewhere }),
    seats: cacheSeats(database.seats),
  };
  const secrets = { randomness, signingKey, signer, passwords: createPasswordHasher() };
  const common = {
    ...stores,
    ...secrets,
    access: () => access.current(),
    clock: systemClock,
    cookiePath: basePath(options.publicUrl),
    siteNames: siteNames(options),
    sealer: createSealer(signingKey),
    identitySources: createKnownSources(identity.current, { clock: systemClock, randomness, oneTimeIds: database.oneTimeIds }),
    hasPublicUrl: options.publicUrl !== null,
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
  const mail = createMail(options, log);
  const first = createFirstAdministratorLink({ clock: systemClock, randomness });
  keeper =
    options.access === null
      ? null
      : createAccessKeeper({
          ...common,
          file: createAccessFile(options.access, access.look, identitySources),
          onFailure: (error) => log.error({ err: error }, 'a version of the access file was not kept'),
        });
  await keeper?.notice();
  const shared = {
    items,
    images,
    visits,
    seating: people.seating,
    files: createMediaFiles(),
    access: () => access.current(),
    now: () => systemClock.now(),
    recognise: people.recognise,
    slashSubstitute: options.slashSubstitute,
    titleOf: (path: string) => io.lab?.titles.get(path) ?? null,
    limits: imageLimits(options),
    title: options.title,
    catalogue: createSideFiles(options.images, log),
    manifests: options.manifests === null ? NO_MANIFESTS : createGivenManifests(options.manifests, log),
    digest: randomness.hash,
    onFailure: (error: unknown) => log.warn({ err: error }, 'a file could not be described'),
  };
  const imageApi = {
    ...shared,
    cache: createMemoryDerivatives({ maxBytes: options.derivativeMemoryMegabytes * 1_000_000 }),
    lanes: renderLanes(options),
    rendering: await describeRendering(options),
    lockedInformationStatus: options.lockedInformationStatus,
    signedBase: people.signed.baseFor,
  };
  const pages = {
    ...shared,
    recognise: (request: HttpRequest) => people.recognise(request, 'page'),
    lab: io.lab?.account ?? null,
    labFolder: lab !== null ? 'lab' : null,
  };

  const media = { ...shared, streams: items, imageFiles: options.imageFiles, lockedInformationStatus: options.lockedInformationStatus };
  const admin = createAdmin({
    ...common,
    mail,
    limits: sessionLimits(options),
    auditStore: database.audit,
    firstAdministrator: first,
    items,
    accessKeeper: keeper,
    slashSubstitute: options.slashSubstitute,
    content: { imageApi, media, manifest: shared },
    oneTimeCodes: createOneTimeCodes(),
    passkeys: createPasskeys(),
    spentChallenges: database.oneTimeIds,
    needSecondFactor: options.administratorsNeedSecondFactor,
  });

  const router = createRouter(
    routes({
      ...people.handlers,
      ...createSignedHandlers(people.signed, imageApi, media),
      image2: createImageApi(2, imageApi),
      image3: createImageApi(3, imageApi),
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
      asking: createRequestPages({ ...pages, ...common, mail, requestsMailTo: options.requestsMailTo, forms: createFormGuard(common) }),
      assets: createAssets(createAssetSource()),
      admin: admin.handlers,
      live,
      api: { ...common, items, auditStore: database.audit, limits: sessionLimits(options) },
      lab: lab !== null ? createLab({ ...pages, cases: lab.cases, accounts: lab.accounts, documents: lab.documents }) : null,
    }),
  );
  const stopHousekeeping = keepHouse(async (signal) => {
    await removeEndedSessions({ ...database, clock: systemClock, limits: sessionLimits(options) });
    await removeEndedSignIns({ ...database, clock: systemClock });
    await keepAudit({ ...database, clock: systemClock, signer, limits: auditLimits(options), signal });
  }, log);
  const server = await listen(router, options, log).catch(async (error: unknown) => {
    await close();
    throw error;
  });

  async function close(): Promise<void> {
    await stopHousekeeping();
    access.close();
    identity.close();
    await images.close();
    await mail?.close();
    await audit.close();
    await database.close();
  }

  const url = options.publicUrl ?? `${options.tls.mode === 'off' ? 'http' : 'https'}://${nameOf(options.host)}:${server.port}`;
  return {
    url,
    firstAdministrator: (await hasAdministrator(database.users)) ? null : `${url}/admin/first/${first.secret}`,
    async close() {
      await server.close(CLOSE_SECONDS);
      await close();
    },
  };
}

async function listen(router: Router, options: Options, log: Logger) {
  return startWebServer(router, {
    host: options.host,
    port: options.port,
    tls: await certificate(options),
    publicUrl: options.publicUrl === null ? null : new URL(options.publicUrl),
    trusted: trustProxies(options.trustedProxies),
    problemPage,
    log: createServerLog(log),
  });
}

/** Null where no mail is sent. */
function createMail({ smtpUrl, mailFrom, publicUrl }: Options, log: Logger): RunningMailQueue | null {
  const server = smtpUrl === null ? null : parseSmtpUrl(smtpUrl);
  if (server === null || mailFrom === null || publicUrl === null) return null;
  return createMailQueue({
    transport: createSmtpTransport({ ...server, from: mailFrom }),
    clock: systemClock,
    base: publicUrl,
    onFailure: (reason, fate) => log.error({ reason, fate }, 'a mail could not be sent'),
  });
}

/** The lab shows on purpose what other access files are warned of. */
function withoutWarnings(log: Logger) {
  return { info: (message: string) => log.info(message), warn: () => {}, error: (message: string) => log.error(message) };
}

/** `localhost` is what browsers treat as secure, and what a person types. */
function nameOf(host: string): string {
  if (['127.0.0.1', '::1', '0.0.0.0', '::'].includes(host)) return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function basePath(publicUrl: string | null): string {
  return publicUrl === null ? '/' : new URL(publicUrl).pathname;
}

async function certificate(options: Options): Promise<Certificate | null> {
  const { tls } = options;
  if (tls.mode === 'off') return null;
  if (tls.mode === 'files') return readCertificate(tls.certificateFile, tls.keyFile);
  const publicName = options.publicUrl === null ? [] : [new URL(options.publicUrl).hostname.replace(/^\[|\]$/g, '')];
  const names = new Set(['localhost', '127.0.0.1', '::1', ...publicName]);
  return adhocCertificate(join(options.data, 'certificates'), [...names], systemClock.now());
}

function siteNames({ title, publicUrl }: Options): readonly string[] {
  return publicUrl === null ? [title] : [title, new URL(publicUrl).hostname];
}

function sessionLimits(options: Options): SessionLimits {
  return { idleMinutes: options.sessionIdleMinutes, absoluteHours: options.sessionAbsoluteHours, tokenMinutes: options.tokenMinutes };
}

function auditLimits({ auditDays, auditPseudonymAfterDays }: Options): AuditLimits {
  return { days: auditDays, pseudonymAfterDays: auditPseudonymAfterDays };
}

function imageLimits(options: Options): ImageLimits {
  const { maxWidth, maxHeight, maxUpscale, sizeAboveFull } = options;
  return { maxWidth, maxHeight, maxArea: Math.floor(options.maxAreaMegapixels * 1_000_000), maxUpscale, sizeAboveFull };
}

function imagingOptions(options: Options) {
  const { colour, backgroundColour, jpegQuality, webpQuality, avifQuality } = options;
  return {
    maxSourcePixels: options.maxSourceMegapixels * 1_000_000,
    timeLimitSeconds: options.renderTimeoutSeconds,
    decodedMemoryBytes: options.decodedMemoryMegabytes * 1_000_000,
    colour,
    backgroundColour,
    jpegQuality,
    webpQuality,
    avifQuality,
    jpeg2000: 'installed' as const,
  };
}

async function describeRendering({ colour, backgroundColour, jpegQuality, webpQuality, avifQuality }: Options): Promise<string> {
  const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return JSON.stringify([version, colour, backgroundColour, jpegQuality, webpQuality, avifQuality]);
}

function renderLanes(options: Options) {
  return createRenderLanes({
    small: { concurrency: options.rendersAtOnce, waiting: options.renderQueueLength, waitSeconds: LANE_WAIT_SECONDS },
    big: { concurrency: 1, waiting: options.bigRenderQueueLength, waitSeconds: LANE_WAIT_SECONDS },
  });
}

/** Tidies now and then. What is returned stops it, and waits for what is under way. */
function keepHouse(tidy: (signal: AbortSignal) => Promise<void>, log: Logger): () => Promise<void> {
  const stop = new AbortController();
  let running = Promise.resolve();
  const sweep = () => {
    running = tidy(stop.signal).catch((error: unknown) => log.error({ err: error }, 'what has ended could not be removed'));
  };
  const timer = setInterval(sweep, HOUSEKEEPING_MINUTES * 60_000);
  timer.unref();
  return () => {
    clearInterval(timer);
    stop.abort();
    return running;
  };
}
