import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const OSD = dirname(require.resolve('openseadragon'));
const MIRADOR = join(fileURLToPath(new URL('../../node_modules/mirador/dist/', import.meta.url)));
const ASSETS = fileURLToPath(new URL('../../src/ui/assets/', import.meta.url));

const TYPES: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css', png: 'image/png', svg: 'image/svg+xml' };

const PAGES: Readonly<Record<string, string>> = {
  '/openseadragon.html': `<!doctype html><html lang="en"><meta charset="utf-8"><title>A viewer elsewhere</title>
<link rel="stylesheet" href="/assets/vitrine.css"><style>html,body{margin:0;height:100%}#vitrine-viewer{height:700px}</style>
<body class="viewer"><div id="vitrine-viewer" data-icons="/osd/images/"></div>
<script src="/osd/openseadragon.min.js"></script><script src="/assets/view-openseadragon.js"></script></body></html>`,
  '/anonymous.html': `<!doctype html><html lang="en"><meta charset="utf-8"><title>A viewer without cookies</title>
<body><script src="/osd/openseadragon.min.js"></script></body></html>`,
  '/mirador.html': `<!doctype html><html lang="en"><meta charset="utf-8"><title>Mirador elsewhere</title>
<style>html,body,#mirador{margin:0;width:100%;height:100%;position:absolute}</style>
<body><div id="mirador"></div><script>document.getElementById('mirador').dataset.manifest = new URLSearchParams(location.search).get('manifest');
document.getElementById('mirador').dataset.language = 'en';</script>
<script src="/mirador/mirador.min.js"></script><script src="/assets/view-mirador.js"></script></body></html>`,
};

/** The page of a site that followed our guide, and loads no script of ours. */
const GUIDE = fileURLToPath(new URL('../../docs/guides/mirador-4.md', import.meta.url));

async function guidePage(): Promise<string> {
  const [, lines = ''] = /```js\n([\s\S]*?)```/.exec(await readFile(GUIDE, 'utf8')) ?? [];
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Mirador by the guide</title>
<style>html,body,#mirador{margin:0;width:100%;height:100%;position:absolute}</style>
<body><div id="mirador"></div><script src="/mirador/mirador.min.js"></script><script>
const config = { id: 'mirador', windows: [{ manifestId: new URLSearchParams(location.search).get('manifest') }] };
${lines}</script></body></html>`;
}

export interface ViewerSite {
  /** `http://127.0.0.1:PORT` is another site than `localhost`, to a browser; `http://localhost:PORT` is the same site. */
  readonly origin: string;
  /** `probe`: of a picture that has lesser versions, to which its information document is redirected. */
  openseadragon(information: string, authVersion: 1 | 2, probe?: string): string;
  mirador(manifest: string): string;
  /** Mirador with the lines of docs/guides/mirador-4.md. */
  miradorByGuide(manifest: string): string;
  /** OpenSeadragon, and nothing that speaks of access. */
  readonly anonymous: string;
  close(): Promise<void>;
}

/** A server that knows nothing of Vitrine, with viewers on it. `name`: what browsers call it; names below `localhost` are loopback to them. */
export async function startViewerSite(host: '127.0.0.1' | 'localhost' = '127.0.0.1', name: string = host): Promise<ViewerSite> {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://viewer').pathname;
    const found = await answer(path);
    response.writeHead(found === null ? 404 : 200, { 'content-type': found?.type ?? 'text/plain' });
    response.end(found?.body);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const origin = `http://${name}:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    openseadragon: (information, authVersion, probe) =>
      `${origin}/openseadragon.html?${new URLSearchParams({ info: information, auth: String(authVersion), ...(probe === undefined ? {} : { probe }) })}`,
    anonymous: `${origin}/anonymous.html`,
    mirador: (manifest) => `${origin}/mirador.html?${new URLSearchParams({ manifest })}`,
    miradorByGuide: (manifest) => `${origin}/mirador-guide.html?${new URLSearchParams({ manifest })}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function answer(path: string): Promise<{ type: string; body: string | Uint8Array } | null> {
  const page = path === '/mirador-guide.html' ? await guidePage() : PAGES[path];
  if (page !== undefined) return { type: 'text/html; charset=utf-8', body: page };
  const file = path
    .replace(/^\/osd\//, `${OSD}/`)
    .replace(/^\/mirador\//, MIRADOR)
    .replace(/^\/assets\//, ASSETS);
  if (file === path || file.includes('..')) return null;
  const body = await readFile(file).catch(() => null);
  return body === null ? null : { type: TYPES[file.split('.').at(-1) ?? ''] ?? 'application/octet-stream', body };
}
