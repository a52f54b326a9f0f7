import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';

export interface Asked {
  readonly method: string;
  /** As it came. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface TestImageServer {
  readonly port: number;
  /** What came since the last `forget`. */
  readonly asked: Asked[];
  stop(): Promise<void>;
}

/**
 * Stands in for an image server that cannot be had here: answers at its addresses, for images in folders, and says what
 * careless ones say of readers and caches. `start`: what stands before identifiers; `slash`: how a slash in them is written.
 */
export async function startTestImageServer(
  start: string,
  version: 2 | 3,
  slash: '%2F' | '!',
  host = '127.0.0.1',
): Promise<TestImageServer> {
  const picture = await sharp({ create: { width: 800, height: 600, channels: 3, background: '#336699' } })
    .jpeg()
    .toBuffer();
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    asked.push({ method, url, headers });
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('cache-control', 'max-age=86400');
    response.setHeader('set-cookie', 'image-server=1');
    response.setHeader('etag', '"1"');
    const [identifier = '', ...rest] = url.startsWith(start) ? url.slice(start.length).split('/') : [];
    // Caddy writes "!" as %21, and what it stands for is read everywhere.
    const read = identifier.replaceAll('%21', '!');
    const isThere = /^(?:open|members|curators|tiered)(?:%2F|!)pyramid\.tif$/.test(read) && read.includes(slash);
    if (!isThere || (rest.length !== 4 && rest.join() !== 'info.json')) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end(`/srv/secret/path/${identifier} is not there`);
    } else if (rest.length === 1) {
      response
        .writeHead(200, { 'content-type': 'application/ld+json' })
        .end(JSON.stringify(documentOf(version, `http://inner${start}${identifier}`)));
    } else if (headers['if-none-match'] === '"1"') {
      response.writeHead(304).end();
    } else {
      response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': picture.length }).end(picture);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function documentOf(version: 2 | 3, id: string) {
  const shared = { protocol: 'http://iiif.io/api/image', width: 800, height: 600, tiles: [{ width: 256, scaleFactors: [1, 2, 4] }] };
  if (version === 3)
    return { '@context': 'http://iiif.io/api/image/3/context.json', id, type: 'ImageService3', profile: 'level2', ...shared };
  return {
    '@context': 'http://iiif.io/api/image/2/context.json',
    '@id': id,
    profile: ['http://iiif.io/api/image/2/level2.json'],
    ...shared,
  };
}
