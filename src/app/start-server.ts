import type { Logger } from 'pino';
import { createKnownSources } from '../adapters/identity/known-sources.ts';
import { createOneTimeCodes } from '../adapters/identity/one-time-codes.ts';
import { createPasskeys } from '../adapters/identity/passkeys.ts';
import { createPasswordHasher } from '../adapters/identity/passwords.ts';
import { keepPixelsBehind } from '../adapters/imaging/pixel-threads.ts';
import { createAccessFile } from '../adapters/sources/access-file-on-disk.ts';
import { watchAccessFile } from '../adapters/sources/access-file-watcher.ts';
import { createAssetSource } from '../adapters/sources/assets.ts';
import { watchIdentityFile } from '../adapters/sources/identity-file-watcher.ts';
import { readSecret } from '../adapters/storage/secret-file.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { createRandomness } from '../adapters/system/randomness.ts';
import { createSealer } from '../adapters/system/sealer.ts';
import { createSigner } from '../adapters/system/signer.ts';
import type { Options } from '../config/options.ts';
import { createShadow } from '../domain/shadow.ts';
import { createFirstAdministratorLink, hasAdministrator } from '../flows/admin/first-administrator.ts';
import { type AccessKeeper, createAccessKeeper } from '../flows/admin/keep-access-versions.ts';
import { createRememberedVisitors } from '../flows/remember-visitors.ts';
import { createAccess } from '../http/access/access-handlers.ts';
import { createFormGuard } from '../http/access/form-guard.ts';
import { createAdmin } from '../http/admin/admin-handlers.ts';
import { answeringDoctor } from '../http/gateway-doctor/answer-doctor.ts';
import { createLive } from '../http/operation/live.ts';
import { createMetrics } from '../http/operation/metrics.ts';
import { createReady } from '../http/operation/ready.ts';
import { createAssets } from '../http/pages/assets.ts';
import { browserCheck, browserCheckInside } from '../http/pages/browser-check.ts';
import { problemPage } from '../http/pages/problem-page.ts';
import { createRequestPages } from '../http/pages/requests.ts';
import { routes } from '../http/routes.ts';
import { createClosingRouter } from '../http/server/closing-router.ts';
import { trustProxies } from '../http/server/forwarded.ts';
import { createRouter } from '../http/server/router.ts';
import { createServerLog } from '../http/server/server-log.ts';
import { traceRequests } from '../http/server/traced-router.ts';
import { IDLE_SECONDS, sealReply } from '../http/server/wire.ts';
import { isInLocationCase } from '../lab/cases/probe.ts';
import { UNAVAILABLE_SERVICE } from '../lab/cases/tokens.ts';
import { failTokensOf } from '../lab/failing-tokens.ts';
import type { Metric } from '../lib/metric.ts';
import { openAccessLog } from './access-log.ts';
import type { ServerCertificate } from './certificate.ts';
import type { Content, ContentKind } from './content/content.ts';
import type { Lab } from './content/lab.ts';
import { basePath, sessionLimits, siteNames } from './from-options.ts';
import { keepHouse } from './keep-house.ts';
import { alwaysSent, listen } from './listen.ts';
import { openMetrics } from './metrics/open-metrics.ts';
import { openStores } from './open-stores.ts';
import { createRehearsal } from './rehearse.ts';
import { remindOfShadow } from './remind-of-shadow.ts';
import { createServerWide, type ServerWide } from './server-wide.ts';
import { watchOver } from './watch-over.ts';

export interface RunningVitrine {
  /** What to open: the public URL, or where it listens. */
  readonly url: string;
  /** The link that makes the first administrator; null where there is one. */
  readonly firstAdministrator: string | null;
  /** Reads the access file, the identity file and the certificate anew, now. */
  reload(change: Reload): Promise<void>;
  /** Lets running answers end, refuses all others, then closes everything. */
  close(): Promise<void>;
}

/** What a running server takes over of its options. */
export type Reload = Pick<Options, 'logLevel'>;

/** What answers in this process. */
export interface RunningProcess extends RunningVitrine {
  /** Takes over the access file as it is now. */
  lookAtAccess(): Promise<void>;
  /** Makes what is asked for most fast before it is asked for, in moments that nobody wants. */
  rehearse(): Promise<void>;
  /** What it has counted since it began. */
  metrics(): Promise<readonly Metric[]>;
}

export interface ServerIo {
  readonly log: Logger;
  /** Where what it gives comes from. */
  readonly content: ContentKind;
  readonly lab?: Lab | null;
  /** Where this is one of several processes: what it has together with the others. */
  readonly wide?: ServerWide;
}

/** The composition root: the only place where adapters meet the rest. */
export async function startServer(options: Options, io: ServerIo): Promise<RunningProcess> {
  const { log } = io;
  const content = await openContent(io.content, options, io);
  const { items } = content;
  const showsCases = (io.lab?.cases.length ?? 0) > 0;
  let keeper: AccessKeeper | null = null;
  const identity = await watchIdentityFile(options.identity, () => access.judgeAgain(), log);
  const identitySources = () => [...identity.current().keys()];
  const access = await watchAccessFile(options.access, () => keeper?.noticeSoon(), showsCases ? withoutWarnings(log) : log, {
    identitySources,
  });
  const shadow = createShadow(options.shadowUntil);
  const randomness = createRandomness();
  const signingKey = await readSecret(options.data, () => randomness.token(32));

  const stores = await openStores(options, { log, randomness });
  const wide = io.wide ?? createServerWide(options, log);
  const { audit } = stores;
  const metrics = await openMetrics(options);
  const signer = createSigner(signingKey);
  const accessLog = openAccessLog(options, { log, signer });
  const secrets = { randomness, signingKey, signer, passwords: createPasswordHasher() };
  const common = {
    ...stores,
    visits: metrics.countDecisions(stores.visits),
    tokens: showsCases ? failTokensOf(UNAVAILABLE_SERVICE, stores.tokens) : stores.tokens,
    ...secrets,
    access: () => shadow(access.current()),
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
    images: content.images,
    versionOf: content.versionOf,
    slashSubstitute: options.slashSubstitute,
    limits: sessionLimits(options),
    admitAdministrator: (request, user, back) => admin.admit(request, user, back),
    signedPaths: {
      origins: new Set(options.contentWithoutCookies),
      minutes: options.signedPathMinutes,
      ...(showsCases ? { isForEveryViewer: isInLocationCase } : {}),
    },
    onRecognised: accessLog?.note,
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
  const given = content.giveTo({
    people,
    visits: common.visits,
    visitors: createRememberedVisitors(common),
    onRecalled: accessLog?.note,
    access: common.access,
    now: () => systemClock.now(),
    digest: randomness.hash,
    seal: (reply) => sealReply(reply, { idleSeconds: IDLE_SECONDS, always: alwaysSent(options) }),
  });

  // Those who look after the rules see them, also in shadow mode.
  const rules = { access: () => access.current(), shadowUntil: options.shadowUntil };
  const admin = createAdmin({
    ...common,
    ...rules,
    limits: sessionLimits(options),
    auditStore: stores.auditStore,
    firstAdministrator: createFirstAdministratorLink(common, wide.firstLink),
    items,
    accessKeeper: keeper,
    slashSubstitute: options.slashSubstitute,
    content: given.answers,
    oneTimeCodes: createOneTimeCodes(),
    passkeys: createPasskeys(),
    spentChallenges: stores.oneTimeIds,
    needSecondFactor: options.administratorsNeedSecondFactor,
  });

  let certificate: ServerCertificate | null = null;
  const watched = watchOver(options, { content, stores, wide, metrics, certificate: () => certificate, log });
  const rows = createRouter(
    routes(given.routes, {
      ...people.handlers,
      browserCheck,
      browserCheckInside,
      asking: createRequestPages({
        ...common,
        items,
        catalogue: content.catalogue,
        titleOf: content.titleOf,
        slashSubstitute: options.slashSubstitute,
        recognise: (request) => people.recognise(request, 'page'),
        requestsMailTo: options.requestsMailTo,
        forms: createFormGuard(common),
      }),
      assets: createAssets(createAssetSource()),
      admin: admin.handlers,
      live: createLive(signer),
      ready: createReady(watched.look),
      metrics: createMetrics(watched.metrics),
      api: { ...common, ...rules, items, derivatives: content.derivatives, auditStore: stores.auditStore, limits: sessionLimits(options) },
    }),
  );
  const isProxy = trustProxies(options.trustedProxies);
  const examined = io.content === 'upstream' ? answeringDoctor(rows, { ...common, isProxy }) : rows;
  const router = createClosingRouter(traceRequests(examined, isProxy), problemPage);
  const stopReminding = wide.keepsHouse ? remindOfShadow(options, log) : null;
  const stopHousekeeping = wide.keepsHouse ? keepHouse(options, { stores, signer, log }) : null;
  const rehearsal = createRehearsal(startServer, log);
  const server = await listen(router, options, {
    log,
    requests: metrics.countRequests(accessLog?.log(createServerLog(log)) ?? createServerLog(log)),
    keepsHouse: wide.keepsHouse,
    alone: io.wide === undefined,
  }).catch(async (error: unknown) => {
    await close();
    throw error;
  });

  keepPixelsBehind();

  async function close(): Promise<void> {
    await rehearsal.end();
    stopReminding?.();
    await stopHousekeeping?.();
    access.close();
    identity.close();
    await content.close();
    await wide.close();
    await audit.close();
    await stores.close();
    accessLog?.close();
  }

  const { url } = server;
  certificate = server.certificate;
  return {
    url,
    firstAdministrator: (await hasAdministrator(stores.users)) ? null : `${url}/admin/first/${wide.firstLink.secret}`,
    lookAtAccess: access.look,
    rehearse: io.content === 'own' ? rehearsal.begin : async () => {},
    metrics: metrics.collect,
    async reload({ logLevel }) {
      log.level = logLevel;
      accessLog?.reopen();
      await Promise.all([identity.look(), access.look(), server.certificate?.look()]);
    },
    async close() {
      router.refuseAll();
      await server.close(options.stopSeconds);
      await close();
    },
  };
}

/** Each is loaded where it is wanted. */
async function openContent(kind: ContentKind, options: Options, { log, lab }: ServerIo): Promise<Content> {
  if (kind === 'upstream') return (await import('./content/upstream-content.ts')).openUpstreamContent(options, log);
  return (await import('./content/own-content.ts')).openOwnContent(options, log, lab ?? null);
}

/** The lab shows on purpose what other access files are warned of. */
function withoutWarnings(log: Logger) {
  return { info: (message: string) => log.info(message), warn: () => {}, error: (message: string) => log.error(message) };
}
