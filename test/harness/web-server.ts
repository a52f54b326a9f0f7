import { problemPage } from '../../src/http/pages/problem-page.ts';
import type { Router } from '../../src/http/server/router.ts';
import { type RunningServer, type ServerOptions, startWebServer } from '../../src/http/server/server.ts';

/** Our web server with nothing behind it but these routes: on plain http and a free port unless told. */
export function startTestWebServer(router: Router, options: Partial<ServerOptions> = {}): Promise<RunningServer> {
  return startWebServer(router, {
    host: '127.0.0.1',
    port: 0,
    tls: null,
    publicUrl: null,
    trusted: () => false,
    problemPage,
    log: { request: () => {}, failure: () => {} },
    ...options,
  });
}
