import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../test/harness/process.ts';
import { startProgram, untilAnswered } from '../programs.ts';
import type { Contestant } from './contestant.ts';
import { installFromDebian } from './debian.ts';
import { startIipimage } from './start-iipimage.ts';
import { startNginx } from './start-nginx.ts';

const FOLDER = fileURLToPath(new URL('auth-request/', import.meta.url));
const PASSWORD = 'a long word for the bench';

/** What people build where the server knows no locks: nginx asks a small service before each request. */
export const authRequest: Contestant = {
  name: 'auth-request',
  label: 'auth_request, Flask, IIPImage',
  install: () => installFromDebian(['nginx', 'iipimage-server', 'gunicorn', 'python3-flask']),
  async start(stage) {
    const [port, servicePort] = [await freePort(), await freePort()];
    const service = startProgram({
      // Debian's Python, whichever one comes first on the path.
      command: '/usr/bin/python3',
      args: [
        '/usr/bin/gunicorn',
        '--workers',
        '1',
        '--threads',
        '4',
        '--bind',
        `127.0.0.1:${servicePort}`,
        '--keep-alive',
        '300',
        'service:app',
      ],
      cores: stage.cores,
      folder: FOLDER,
      environment: { BENCH_DATABASE: join(stage.work, 'access.db'), BENCH_PASSWORD: PASSWORD, PYTHONDONTWRITEBYTECODE: '1' },
    });
    const origin = `http://127.0.0.1:${servicePort}`;
    await untilAnswered(`${origin}/check`, service, 'gunicorn');
    const { program, location } = await startIipimage(stage);
    const nginx = await startNginx(stage, {
      port,
      http: `upstream service { server 127.0.0.1:${servicePort}; keepalive 8; }`,
      server: `
    location /iiif/ {
      auth_request /check;${location}
    }
    location = /check {
      internal;
      proxy_pass http://service;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
      proxy_set_header X-Original-URI $request_uri;
    }`,
    });
    return {
      base: `http://127.0.0.1:${port}`,
      prefix: '/iiif/',
      cookie: await signIn(origin),
      pids: [nginx.pid, program.pid, service.pid],
      async stop() {
        await nginx.stop();
        await Promise.all([program.stop(), service.stop()]);
      },
    };
  },
};

async function signIn(origin: string): Promise<string> {
  const answer = await fetch(`${origin}/login`, { method: 'POST', body: new URLSearchParams({ user: 'anna', password: PASSWORD }) });
  const [cookie = ''] = answer.headers.getSetCookie();
  if (answer.status !== 204) throw new Error(`Signing in at the Flask service answered ${answer.status}.`);
  return cookie.split(';')[0] ?? '';
}
