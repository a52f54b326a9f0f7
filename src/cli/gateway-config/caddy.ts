/** https://caddyserver.com/docs/caddyfile/directives/forward_auth */
import type { GatewayFacts, GatewayService } from './facts.ts';
import { authority, indent, introduction, literally, pathOf, publicPath, SAID_BY_VITRINE } from './words.ts';

/** A Caddyfile. */
export function writeCaddy(facts: GatewayFacts): string {
  const { publicUrl, services } = facts;
  return `${introduction(facts, 'Caddy', 'Put it into the Caddyfile, try it with "caddy validate", and then ask "vitrine gateway doctor".')}

${publicUrl.origin} {
  # X-Forwarded-For is what Caddy saw, never what a visitor wrote there, unless you list proxies in front of it;
  # list ${facts.socket === null ? 'the address of this Caddy' : '"unix"'} in Vitrine's trustedProxies, so that it is believed.

${services.map((service, at) => indent(pictures(facts, service, at))).join('\n\n')}

  # Where proxies ask; visitors have nothing to ask there.
  @asking path ${pathOf(publicUrl)}/gateway/auth-request ${pathOf(publicUrl)}/gateway/forward-auth
  route @asking {
    respond 404
  }

  # Sign-in, tokens, probes, information documents, lesser versions, the administration: Vitrine answers itself.
  route {
    request_header -Remote-*
    reverse_proxy ${dialed(facts)}
  }
}
`;
}

function pictures(facts: GatewayFacts, service: GatewayService, at: number): string {
  const { imageServer } = facts;
  const { upstream } = service;
  const name = at === 0 ? '@pictures' : `@pictures${at + 1}`;
  // What is removed goes last, also what was set before.
  const removed = SAID_BY_VITRINE.filter((header) => !SET.has(header)).map((header) => `header_down -${header}`);
  return `# Pictures: Vitrine is asked, the bytes come from ${imageServer.label}. What is none goes to Vitrine, as all else does.
${name} {
  method GET HEAD
  path_regexp ^${literally(publicPath(facts, service, '/'))}.+/[^/]+/[^/]+/[^/]+/[a-z]+\\.[a-z0-9]+$
  not path *~* */info.json
}
route ${name} {
  # Who somebody is, and what was decided, comes from Vitrine alone.
  request_header -Remote-*
  request_header -Vitrine-*
  forward_auth ${dialed(facts)} {
    uri /gateway/forward-auth
    copy_headers Remote-User Remote-Groups Vitrine-Cache-Control Vitrine-Allow-Origin Vitrine-Allow-Credentials
  }
  # What was judged is what is asked for: Vitrine lets through nothing that is not in its own spelling. No cookie and no token goes along.
${moved(publicPath(facts, service, '%2F'), upstream.pathname)}  reverse_proxy ${authority(upstream)} {
    header_up -Cookie
    header_up -Authorization
    header_up Host {upstream_hostport}
    # Who may read and keep the answer is for Vitrine to say, once, whatever ${imageServer.label} says.
${indent(removed.join('\n'), 2)}
    header_down Cache-Control {header.Vitrine-Cache-Control}
    header_down Access-Control-Allow-Origin {header.Vitrine-Allow-Origin}
    header_down Access-Control-Allow-Credentials {header.Vitrine-Allow-Credentials}
    header_down Cross-Origin-Resource-Policy cross-origin
    header_down Vary Origin
    header_down X-Content-Type-Options nosniff
  }
}`;
}

const SET: ReadonlySet<string> = new Set([
  'Cache-Control',
  'Access-Control-Allow-Origin',
  'Access-Control-Allow-Credentials',
  'Cross-Origin-Resource-Policy',
  'Vary',
]);

/** Where the image server has another path than visitors see. */
function moved(from: string, to: string): string {
  return from === to ? '' : `  uri replace ${from} ${to} 1\n`;
}

function dialed({ gateway, socket }: GatewayFacts): string {
  return socket === null ? gateway : `unix/${socket}`;
}
