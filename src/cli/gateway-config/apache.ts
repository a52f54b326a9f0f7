/** https://httpd.apache.org/docs/2.4/mod/mod_proxy.html */
import type { GatewayFacts } from './facts.ts';
import { authority, indent, introduction, pathOf, type ServicesOfServer, serversOf } from './words.ts';

/** A file for `sites-available`. */
export function writeApache(facts: GatewayFacts): string {
  const { publicUrl, gateway, socket, services, imageServer } = facts;
  const modules = `headers proxy proxy_http${imageServer.speaks === 'fastcgi' ? ' proxy_fcgi' : ''}${publicUrl.protocol === 'https:' ? ' ssl' : ''}`;
  const steps = `Put it into /etc/apache2/sites-available/, run "a2enmod ${modules}" and "a2ensite", and then ask "vitrine gateway doctor".`;
  return `${introduction(facts, 'Apache', steps)}
#
# Apache has no module that asks another server before it answers, so Vitrine stands between Apache and ${imageServer.label}:
# it fetches the pictures itself, and passes them on as they come.

${
  imageServer.speaks === 'fastcgi'
    ? `${serversOf(services)
        .map((server) => innerServer(facts, server))
        .join('\n\n')}\n\n`
    : ''
}${publicUrl.protocol === 'https:' ? `${toHttps(publicUrl)}\n\n` : ''}<VirtualHost *:${portOf(publicUrl)}>
  ServerName ${publicUrl.hostname}
${tlsLines(publicUrl)}
  # Identifiers hold %2F, and stay as they were sent: "nocanon" keeps Apache from writing them anew.
  AllowEncodedSlashes NoDecode
  MergeSlashes Off

  # Vitrine is told what Apache saw, never what a visitor wrote there; list ${socket === null ? 'the address of this Apache' : '"unix"'} in its
  # trustedProxies, so that it is believed.
  RequestHeader unset X-Forwarded-For early
  RequestHeader unset Forwarded early
  RequestHeader unset Remote-User early
  RequestHeader unset Remote-Groups early
  RequestHeader set X-Forwarded-Proto "${publicUrl.protocol.slice(0, -1)}"
  ProxyPreserveHost On
  ProxyRequests Off

  # No cache (mod_cache) here: it would answer for everybody. Vitrine says who may read and keep an answer.
  # Where proxies ask; visitors have nothing to ask there.
  ProxyPass "${pathOf(publicUrl)}/gateway/auth-request" "!"
  ProxyPass "${pathOf(publicUrl)}/gateway/forward-auth" "!"
  ProxyPass "/" "${socket === null ? `http://${gateway}/` : `unix:${socket}|http://localhost/`}" nocanon
</VirtualHost>
`;
}

/** Vitrine speaks HTTP, so Apache speaks it for the image server. */
function innerServer({ fastcgi }: GatewayFacts, [{ upstream }, ...others]: ServicesOfServer): string {
  // Of two that fit Apache takes the first.
  const paths = [...new Set([upstream, ...others.map((other) => other.upstream)].map(pathOf))].toSorted((a, b) => b.length - a.length);
  const passes = paths.map((path) => `  ProxyPass "${path}/" "fcgi://${fastcgi}${path}/" nocanon`);
  return `# For Vitrine alone.
Listen ${authority(upstream)}
<VirtualHost ${authority(upstream)}>
  AllowEncodedSlashes NoDecode
  MergeSlashes Off
  # An empty If-Modified-Since is one that IIPImage answers with 304.
  RequestHeader unset If-Modified-Since "expr=-z req('If-Modified-Since')"
${passes.join('\n')}
</VirtualHost>`;
}

function toHttps({ hostname }: URL): string {
  return `<VirtualHost *:80>
  ServerName ${hostname}
  Redirect permanent / https://${hostname}/
</VirtualHost>`;
}

function portOf({ protocol, port }: URL): string {
  if (port !== '') return port;
  return protocol === 'https:' ? '443' : '80';
}

function tlsLines({ protocol, hostname }: URL): string {
  if (protocol !== 'https:') return '';
  const folder = `/etc/letsencrypt/live/${hostname}`;
  return indent(
    `SSLEngine on\nSSLCertificateFile ${folder}/fullchain.pem\nSSLCertificateKeyFile ${folder}/privkey.pem\nProtocols h2 http/1.1\n`,
  );
}
