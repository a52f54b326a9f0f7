import { cp } from 'node:fs/promises';
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
