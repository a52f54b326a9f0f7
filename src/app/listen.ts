import type { Logger } from 'pino';
import type { Options } from '../config/options.ts';
import { problemPage } from '../http/pages/problem-page.ts';
import { trustProxies } from '../http/server/forwarded.ts';
import type { Router } from '../http/server/router.ts';
import { startWebServer } from '../http/server/server.ts';
import { createServerLog } from '../http/server/server-log.ts';
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

/** `keepsHouse`: whether this process looks after what the server has once, the certificate among it. */
export async function listen(
  router: Router,
  options: Options,
  { log, keepsHouse }: { readonly log: Logger; readonly keepsHouse: boolean },
): Promise<Listening> {
  const certificate = await openCertificate(options, { log, keepsHouse });
  const starting = startWebServer(router, {
    host: options.host,
    port: options.port,
    tls: certificate,
    publicUrl: options.publicUrl === null ? null : new URL(options.publicUrl),
    trusted: trustProxies(options.trustedProxies),
    problemPage,
    log: createServerLog(log),
  });
  const server = await starting.catch((error: unknown) => {
    certificate?.close();
    throw error;
  });
  return {
    url: options.publicUrl ?? `${certificate === null ? 'http' : 'https'}://${nameOf(options.host)}:${server.port}`,
    certificate,
    async close(patienceSeconds) {
      await server.close(patienceSeconds);
      certificate?.close();
    },
  };
}
