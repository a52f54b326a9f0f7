import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ImageServerName } from '../../src/cli/gateway-config/facts.ts';
import { gatewayFacts } from '../../src/cli/gateway-config/gateway-facts.ts';
import { IMAGE_SERVERS } from '../../src/cli/gateway-config/image-servers.ts';
import { writeConfiguration } from '../../src/cli/gateway-config/write-configuration.ts';
import { startTestGateway, type TestGateway } from './gateway.ts';
import { type Iipimage, startIipimage } from './iipimage.ts';
import { startTestImageServer, type TestImageServer } from './image-server.ts';
import { startNginx } from './nginx.ts';
import { freePort } from './process.ts';
import { ACCESS } from './vitrine.ts';
import type { WebFront } from './web-front.ts';

const WITH_TIER = `${ACCESS}  - items: tiered/**
    allow: [{ service: members }]
    otherwise: { maxSize: 200 }
`;

/** A gateway behind nginx, in front of an image server. */
export interface NginxSetting {
  readonly base: string;
  readonly gateway: TestGateway;
  readonly nginx: WebFront;
  /** What was asked of the stand-in; null where the image server is the real one. */
  readonly imageServer: TestImageServer | null;
  close(): Promise<void>;
}

/** IIPImage, asked by the gateway itself, as visitors ask that: nginx speaks HTTP for it, and serves the manifests beside it. */
export interface ProxySetting {
  readonly base: string;
  /** What IIPImage was asked. */
  log(): Promise<string>;
  close(): Promise<void>;
}

export async function startProxySetting(): Promise<ProxySetting> {
  const port = await freePort();
  const inner = `http://127.0.0.1:${port}`;
  const gateway = await startTestGateway(
    { url: `${inner}/fcgi-bin/iipsrv.fcgi?IIIF=`, manifests: `${inner}/manifests` },
    { access: WITH_TIER },
  );
  const folder = dirname(gateway.accessFile);
  const images = join(folder, 'images');
  await mkdir(join(folder, 'manifests'));
  await writeFile(
    join(folder, 'manifests', 'letters.json'),
    JSON.stringify(manifestOf(`${inner}/fcgi-bin/iipsrv.fcgi?IIIF=members%2Fpyramid.tif`)),
  );
  const iipimage = await startIipimage(images);
  const site = `server {
  listen ${port};
  location /fcgi-bin/iipsrv.fcgi {
    fastcgi_pass ${iipimage.fastcgi};
    fastcgi_param QUERY_STRING $query_string;
    fastcgi_param REQUEST_METHOD $request_method;
    fastcgi_param HTTP_HOST $http_host;
  }
  location /manifests/ {
    root ${folder};
  }
}`;
  const nginx = await startNginx(site, inner);
  return {
    base: gateway.base,
    log: iipimage.log,
    async close() {
      await gateway.close();
      await nginx.stop();
      await iipimage.stop();
    },
  };
}

/** Of one page, as somebody wrote it who knew the image server alone. */
function manifestOf(service: string) {
  const id = 'https://example.org/manifests/letters.json';
  const image = { '@id': `${service}/full/full/0/default.jpg`, '@type': 'dctypes:Image', format: 'image/jpeg', width: 800, height: 600 };
  const described = {
    '@context': 'http://iiif.io/api/image/2/context.json',
    '@id': service,
    profile: 'http://iiif.io/api/image/2/level1.json',
  };
  const canvas = {
    '@id': `${id}/canvas/1`,
    '@type': 'sc:Canvas',
    label: 'p. 1',
    width: 800,
    height: 600,
    images: [{ '@type': 'oa:Annotation', motivation: 'sc:painting', on: `${id}/canvas/1`, resource: { ...image, service: described } }],
  };
  return {
    '@context': 'http://iiif.io/api/presentation/2/context.json',
    '@id': id,
    '@type': 'sc:Manifest',
    label: 'A letter',
    sequences: [{ '@type': 'sc:Sequence', canvases: [canvas] }],
  };
}

/** The printed configuration, as it is, in front of a gateway and an image server. */
export async function startNginxSetting(name: ImageServerName, basePath = ''): Promise<NginxSetting> {
  const { version, upstream } = IMAGE_SERVERS[name];
  const [port, gatewayPort, innerPort] = [await freePort(), await freePort(), await freePort()];
  const base = `http://localhost:${port}${basePath}`;
  const start = new URL(upstream).pathname;
  const slash = name === 'digilib' ? '!' : '%2F';
  const imageServer = name === 'iipimage' ? null : await startTestImageServer(start, version, slash);
  const settings = { url: `http://127.0.0.1:${imageServer?.port ?? innerPort}${start}`, version, ...(name === 'digilib' ? { slash } : {}) };
  const gateway = await startTestGateway(settings, {
    access: WITH_TIER,
    options: { port: gatewayPort, publicUrl: base, trustedProxies: ['127.0.0.1'] },
  });
  const images = join(dirname(gateway.accessFile), 'images');
  await cp(join(images, 'members'), join(images, 'tiered'), { recursive: true });
  const iipimage: Iipimage | null = imageServer === null ? await startIipimage(images) : null;
  const facts = gatewayFacts(gateway.options, name, iipimage?.fastcgi ?? '');
  const nginx = await startNginx(writeConfiguration('nginx', facts), base);
  return {
    base,
    gateway,
    nginx,
    imageServer,
    async close() {
      await nginx.stop();
      await gateway.close();
      await imageServer?.stop();
      await iipimage?.stop();
    },
  };
}
