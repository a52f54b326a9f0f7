import { chmod } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { Options } from '../config/options.ts';
import { problemPage } from '../http/pages/problem-page.ts';
import { trustProxies } from '../http/server/forwarded.ts';
import { startRedirects } from '../http/server/redirects.ts';
import type { Router } from '../http/server/router.ts';
import { type ServerLog, startWebServer } from '../http/server/server.ts';
import { openCertificate, type ServerCertificate } from './certificate.ts';
import { nameOf } from './from-options.ts';

export interface Listening {
  /** What to open: the public URL, or where it listens. */
  readonly url: string;
  /** Null without TLS. */
  readonly certificate: ServerCertificate | null;
  /** Lets running answers end for at most so long. */
  close(patienceSeconds: number): Promise<void>;
}

const DAY_SECONDS = 86_400;

/**
 * `keepsHouse`: whether this process looks after what the server has once, the certificate among it. `alone`: whether no other
 * process answers at the same place.
 */
export async function listen(
  router: Router,
  options: Options,
  {
    log,
    requests,
    keepsHouse,
    alone,
  }: { readonly log: Logger; readonly requests: ServerLog; readonly keepsHouse: boolean; readonly alone: boolean },
): Promise<Listening> {
  const certificate = await openCertificate(options, { log, keepsHouse });
  const opened: { close(patienceSeconds: number): Promise<void> | void }[] = certificate === null ? [] : [certificate];
  const close = async (patienceSeconds: number): Promise<void> => {
    for (const each of opened.toReversed()) await each.close(patienceSeconds);
  };
  try {
    const server = await startWebServer(router, {
      host: options.host,
      port: options.port,
      alone,
      socket: options.socket,
      tls: certificate === null ? null : tlsOf(certificate, options),
      publicUrl: options.publicUrl === null ? null : new URL(options.publicUrl),
      trusted: trustProxies(options.trustedProxies),
      proxyHeaders: options.proxyHeaders,
      proxiesNameUs: options.proxiesNameUs,
      always: alwaysSent(options),
      problemPage,
      log: requests,
    });
    opened.push(server);
    if (options.socket !== null) await chmod(options.socket, Number.parseInt(options.socketMode, 8));
    if (options.httpPort > 0) opened.push(await redirectTo(server.port, options, certificate));
    certificate?.serving();
    return {
      url: options.publicUrl ?? options.socket ?? `${certificate === null ? 'http' : 'https'}://${nameOf(options.host)}:${server.port}`,
      certificate,
      close,
    };
  } catch (error) {
    await close(0);
    throw error;
  }
}

/** Header fields of every answer. */
export function alwaysSent({ hstsDays }: Pick<Options, 'hstsDays'>): Readonly<Record<string, string>> {
  return hstsDays === 0 ? {} : { 'strict-transport-security': `max-age=${hstsDays * DAY_SECONDS}` };
}

function tlsOf(certificate: ServerCertificate, { tls, acmeChallenge }: Options) {
  const isProvedHere = tls.mode === 'acme' && acmeChallenge === 'tls-alpn-01';
  return { ...certificate, ...(isProvedHere ? { challenge: certificate.proofs.certificateOf } : {}) };
}

/** `port`: of https. */
function redirectTo(port: number, { host, httpPort, publicUrl }: Options, certificate: ServerCertificate | null) {
  const to = publicUrl === null ? { port } : { origin: new URL(publicUrl).origin };
  return startRedirects({ host, port: httpPort, to, challenge: async (token) => certificate?.proofs.textOf(token) ?? null });
}
