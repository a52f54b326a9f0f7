import type { Options } from '../../config/options.ts';
import { StartProblem } from '../../config/start-problem.ts';
import type { GatewayFacts, GatewayService, ImageServerName } from './facts.ts';
import { IMAGE_SERVERS } from './image-servers.ts';
import { authority } from './words.ts';

const SOME_NAME = 'https://iiif.example.org';
const ANY_ADDRESS: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** What the options say, and what is usual for the image server where they say nothing. Throws a `StartProblem` for what cannot work. */
export function gatewayFacts(
  options: Pick<Options, 'publicUrl' | 'host' | 'port' | 'socket' | 'upstream' | 'proxyHeaders'>,
  name: ImageServerName,
  fastcgi: string,
): GatewayFacts {
  const imageServer = IMAGE_SERVERS[name];
  const services =
    options.upstream.length > 0
      ? options.upstream.map(serviceOf)
      : [{ version: imageServer.version, prefix: '', upstream: new URL(imageServer.upstream), headers: [] }];
  const gateway = gatewayAddress(options);
  if (options.proxyHeaders !== 'x-forwarded') {
    throw new StartProblem(['The configurations say where visitors come from in X-Forwarded-For: set proxyHeaders to x-forwarded.'], 2);
  }
  const byQuery = services.find(({ upstream }) => upstream.search !== '');
  if (byQuery !== undefined) {
    const instead = new URL(IMAGE_SERVERS.iipimage.upstream).href;
    throw new StartProblem(
      [
        `The web server asks by path, and the upstream ${byQuery.upstream.href} ends in a query. For IIPImage give the gateway ${instead} instead: the configuration of nginx and of Apache offers it there.`,
      ],
      2,
    );
  }
  const same = services.find(({ upstream }) => authority(upstream) === gateway.host);
  if (same !== undefined && options.socket === null) {
    throw new StartProblem(
      [`Vitrine and ${imageServer.label} would both listen on ${gateway.host}. Give Vitrine another port, with --port 8090.`],
      2,
    );
  }
  return {
    publicUrl: new URL(options.publicUrl ?? SOME_NAME),
    gateway: gateway.host,
    socket: options.socket,
    services,
    imageServer,
    fastcgi,
  };
}

/** Where the gateway listens, for this machine. */
export function gatewayAddress({ host, port }: Pick<Options, 'host' | 'port'>): URL {
  const name = ANY_ADDRESS.has(host) ? '127.0.0.1' : host;
  return new URL(`http://${name.includes(':') ? `[${name}]` : name}:${port}`);
}

function serviceOf({ version, prefix, url, headers }: Options['upstream'][number]): GatewayService {
  return { version, prefix, upstream: new URL(url), headers: Object.keys(headers) };
}
