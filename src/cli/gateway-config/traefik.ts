/** https://doc.traefik.io/traefik/middlewares/http/forwardauth/ */
import { stringify } from 'yaml';
import { StartProblem } from '../../config/start-problem.ts';
import type { GatewayFacts, GatewayService } from './facts.ts';
import { authority, introduction, literally, pathOf, publicPath, SAID_BY_VITRINE } from './words.ts';

/** A file for Traefik's file provider (dynamic configuration, version 3). */
export function writeTraefik(facts: GatewayFacts): string {
  const { publicUrl, gateway, services, imageServer } = facts;
  if (facts.socket !== null) throw new StartProblem(['Traefik asks no Unix socket: let the gateway listen on host and port.'], 2);
  const host = `Host(\`${publicUrl.hostname}\`)`;
  const isHttps = publicUrl.protocol === 'https:';
  const way = isHttps ? { entryPoints: ['websecure'], tls: {} } : { entryPoints: ['web'] };
  const routers = services.map((service, at) => [
    nameOf('pictures', at),
    {
      rule: `${host} && (Method(\`GET\`) || Method(\`HEAD\`)) && PathRegexp(\`${picturePath(facts, service)}\`) && !PathRegexp(\`~|/info\\.json$\`)`,
      priority: 1000,
      ...way,
      middlewares: ['no-names', 'ask-vitrine', ...(isMoved(facts, service) ? [nameOf('move', at)] : []), 'said-by-vitrine'],
      service: nameOf('image-server', at),
    },
  ]);
  const moves = services.flatMap((service, at) => (isMoved(facts, service) ? [[nameOf('move', at), move(facts, service)]] : []));
  const servers = services.map(({ upstream }, at) => [
    nameOf('image-server', at),
    { loadBalancer: { passHostHeader: false, servers: [{ url: `http://${authority(upstream)}` }] } },
  ]);
  const dynamic = {
    http: {
      routers: {
        ...Object.fromEntries(routers),
        vitrine: {
          rule: `${host} && !PathRegexp(\`^${literally(pathOf(publicUrl))}/gateway/(?:auth-request|forward-auth)$\`)`,
          priority: 1,
          ...way,
          middlewares: ['no-names'],
          service: 'vitrine',
        },
      },
      middlewares: {
        'no-names': { headers: { customRequestHeaders: { 'Remote-User': '', 'Remote-Groups': '' } } },
        'ask-vitrine': {
          forwardAuth: {
            address: `http://${gateway}/gateway/forward-auth`,
            trustForwardHeader: false,
            authResponseHeaders: ['Remote-User', 'Remote-Groups'],
          },
        },
        ...Object.fromEntries(moves),
        'said-by-vitrine': { headers: { customRequestHeaders: NO_SECRETS, customResponseHeaders: ANSWER_HEADERS } },
      },
      services: {
        vitrine: { loadBalancer: { servers: [{ url: `http://${gateway}` }] } },
        ...Object.fromEntries(servers),
      },
    },
  };
  return `${introduction(facts, 'Traefik', 'Put it into the folder of the file provider (dynamic configuration), and then ask "vitrine gateway doctor".')}
#
# Traefik itself (static configuration):
# - leave forwardedHeaders of the entry points alone, so that nobody else says where a visitor comes from; list the address
#   of this Traefik in Vitrine's trustedProxies, so that it is believed.
# - where it refuses %2F in paths, allow it for the entry point: http.encodedCharacters.allowEncodedSlash: true.
#
# Pictures: Vitrine is asked, the bytes come from ${imageServer.label}. Everything else is answered by Vitrine itself.
# Traefik cannot pass on what Vitrine says of caches and readers, so that pictures are kept by nobody unasked, and are not
# read with cookies by scripts of other sites; viewers draw them as plain images.
${stringify(dynamic, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}

const NO_SECRETS = { Cookie: '', Authorization: '' };

/** An empty value removes. */
const ANSWER_HEADERS = {
  ...Object.fromEntries(SAID_BY_VITRINE.map((name) => [name, ''])),
  'Cache-Control': 'private, no-cache',
  'Access-Control-Allow-Origin': '*',
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'X-Content-Type-Options': 'nosniff',
};

/** Versions of Traefik differ in whether they compare with `%2F` or with what it stands for. */
function startOf(facts: GatewayFacts, service: GatewayService): string {
  return `^${literally(publicPath(facts, service, '%2F')).replace('%2F', '(?:/|%2F)')}`;
}

function picturePath(facts: GatewayFacts, service: GatewayService): string {
  return `${startOf(facts, service)}.+/[^/]+/[^/]+/[^/]+/[a-z]+\\.[a-z0-9]+$`;
}

function isMoved(facts: GatewayFacts, service: GatewayService): boolean {
  return publicPath(facts, service, '%2F') !== service.upstream.pathname;
}

/** Where the image server has another path than visitors see. */
function move(facts: GatewayFacts, service: GatewayService) {
  return { replacePathRegex: { regex: `${startOf(facts, service)}(.*)`, replacement: `${service.upstream.pathname}$1` } };
}

function nameOf(what: string, at: number): string {
  return at === 0 ? what : `${what}-${at + 1}`;
}
