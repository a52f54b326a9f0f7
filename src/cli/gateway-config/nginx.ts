/**
 * https://nginx.org/en/docs/http/ngx_http_auth_request_module.html
 * https://nginx.org/en/docs/http/ngx_http_proxy_module.html
 */
import type { GatewayFacts, GatewayService } from './facts.ts';
import {
  authority,
  indent,
  introduction,
  literally,
  pathOf,
  publicPath,
  SAID_BY_VITRINE,
  type ServicesOfServer,
  serversOf,
} from './words.ts';

/** A file for `/etc/nginx/conf.d`. */
export function writeNginx(facts: GatewayFacts): string {
  const { publicUrl, gateway, socket, services, imageServer } = facts;
  const parts = [
    introduction(facts, 'nginx', 'Put it into /etc/nginx/conf.d/, try it with "nginx -t", and then ask "vitrine gateway doctor".'),
    `upstream vitrine {
  server ${socket === null ? gateway : `unix:${socket}`};
  keepalive 32;
}`,
    ...services.map((service, at) => upstreamOf(facts, service, at)),
    ...(imageServer.speaks === 'fastcgi' ? serversOf(services).map(innerServer) : []),
    ...(publicUrl.protocol === 'https:' ? [toHttps(publicUrl)] : []),
    `server {
${indent(listenLines(publicUrl).join('\n'))}

  # Room for long identifiers, and for signed addresses.
  large_client_header_buffers 4 32k;
  # Two slashes in a row are not one.
  merge_slashes off;

  # What Vitrine is told of each request. X-Forwarded-For is what nginx saw, never what a visitor wrote there;
  # list ${socket === null ? 'the address of this nginx' : '"unix"'} in Vitrine's trustedProxies, so that it is believed.
  proxy_http_version 1.1;
  proxy_set_header Connection "";
${indent([...toldToVitrine(), 'proxy_set_header X-Original-URI "";', 'proxy_set_header X-Original-Method "";'].join('\n'))}

  # Sign-in, tokens, probes, information documents, the administration: Vitrine answers itself.
  location / {
    proxy_pass http://vitrine;
  }

  # Where proxies ask; visitors have nothing to ask there.
  location ~ ^${literally(pathOf(publicUrl))}/gateway/(?:auth-request|forward-auth)$ {
    return 404;
  }

  # The question. Nobody outside can ask it.
  location = /.vitrine-auth-request {
    internal;
    proxy_pass http://vitrine/gateway/auth-request;
    proxy_pass_request_body off;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Content-Length "";
${indent(toldToVitrine().join('\n'), 2)}
    # As the visitor sent it: with %2F, and before anything was resolved.
    proxy_set_header X-Original-URI $request_uri;
    proxy_set_header X-Original-Method $request_method;
  }

  # What is no picture for this visitor goes to Vitrine as it came: the information document with its services, the lesser
  # version, the preflight, the reason. It answers with the right status itself, which "=" passes on.
  location @vitrine {
    proxy_pass http://vitrine;
  }

${services.map((service, at) => indent(pictures(facts, service, at))).join('\n\n')}
}`,
  ];
  return `${parts.join('\n\n')}\n`;
}

function upstreamOf({ imageServer, fastcgi }: GatewayFacts, { upstream }: GatewayService, at: number): string {
  const server = imageServer.speaks === 'fastcgi' ? fastcgi : authority(upstream);
  return `upstream ${groupName(at)} {
  server ${server};
  keepalive 16;
}`;
}

/** Vitrine speaks HTTP, so nginx speaks it for the image server. */
function innerServer([{ upstream }, ...others]: ServicesOfServer): string {
  const paths = new Set([upstream, ...others.map((other) => other.upstream)].map(pathOf));
  return `# For Vitrine alone, which reads information documents here, and makes lesser versions from what it gets.
server {
  listen ${authority(upstream)};
  merge_slashes off;
${[...paths].map((path) => indent(innerLocation(path))).join('\n')}
}`;
}

function innerLocation(path: string): string {
  return `location ${path}/ {
  fastcgi_pass ${groupName(0)};
${indent(fastcgiParams('$request_uri').join('\n'))}
}`;
}

function toHttps({ hostname }: URL): string {
  return `server {
  listen 80;
  listen [::]:80;
  server_name ${hostname};
  return 301 https://$host$request_uri;
}`;
}

function listenLines({ protocol, hostname, port }: URL): readonly string[] {
  if (protocol === 'https:') {
    const at = port === '' ? '443' : port;
    return [
      `listen ${at} ssl http2;`,
      `listen [::]:${at} ssl http2;`,
      `server_name ${hostname};`,
      `ssl_certificate /etc/letsencrypt/live/${hostname}/fullchain.pem;`,
      `ssl_certificate_key /etc/letsencrypt/live/${hostname}/privkey.pem;`,
    ];
  }
  return [`listen ${port === '' ? '80' : port};`, `server_name ${hostname};`];
}

function toldToVitrine(): readonly string[] {
  return [
    'proxy_set_header Host $http_host;',
    'proxy_set_header X-Forwarded-For $remote_addr;',
    'proxy_set_header X-Forwarded-Proto $scheme;',
    'proxy_set_header X-Forwarded-Host $http_host;',
    'proxy_set_header Forwarded "";',
    'proxy_set_header Remote-User "";',
    'proxy_set_header Remote-Groups "";',
  ];
}

function pictures(facts: GatewayFacts, service: GatewayService, at: number): string {
  const { imageServer } = facts;
  const isFastcgi = imageServer.speaks === 'fastcgi';
  const kind = isFastcgi ? 'fastcgi' : 'proxy';
  const hidden = SAID_BY_VITRINE.map((name) => `${kind}_hide_header ${name};`);
  // nginx compares with the path as it reads once it is decoded.
  const root = publicPath(facts, service, '/');
  return `# Information documents are Vitrine's: those of ${imageServer.label}, with their services in them.
location ~ ^${literally(root)}.*/info\\.json$ {
  proxy_pass http://vitrine;
}

# Pictures: Vitrine is asked, the bytes come from ${imageServer.label}.
location ${root} {
  auth_request /.vitrine-auth-request;
  auth_request_set $vitrine_image $upstream_http_vitrine_image;
  auth_request_set $vitrine_cache $upstream_http_vitrine_cache_control;
  auth_request_set $vitrine_user $upstream_http_remote_user;
  auth_request_set $vitrine_roles $upstream_http_remote_groups;
  auth_request_set $vitrine_origin $upstream_http_vitrine_allow_origin;
  auth_request_set $vitrine_credentials $upstream_http_vitrine_allow_credentials;
  error_page 400 401 403 404 500 501 502 = @vitrine;

  # What was judged is what is asked for: Vitrine's own spelling of the request. No cookie and no token goes along.
${indent((isFastcgi ? handToFastcgi(at) : handToHttp(at)).join('\n'))}
  ${kind}_max_temp_file_size 0;

  # Who may read and keep the answer is for Vitrine to say, once, whatever ${imageServer.label} says.
${indent(hidden.join('\n'))}
  add_header Cache-Control $vitrine_cache;
  add_header Access-Control-Allow-Origin $vitrine_origin;
  add_header Access-Control-Allow-Credentials $vitrine_credentials;
  add_header Access-Control-Expose-Headers "ETag, Last-Modified, Content-Length";
  add_header Cross-Origin-Resource-Policy cross-origin;
  add_header Vary Origin;
  add_header X-Content-Type-Options nosniff;
}`;
}

function handToHttp(at: number): readonly string[] {
  return [
    `proxy_pass http://${groupName(at)}$vitrine_image;`,
    'proxy_redirect off;',
    'proxy_intercept_errors on;',
    'proxy_http_version 1.1;',
    'proxy_set_header Connection "";',
    'proxy_set_header Host $proxy_host;',
    'proxy_set_header Cookie "";',
    'proxy_set_header Authorization "";',
    'proxy_set_header X-Forwarded-For $remote_addr;',
    'proxy_set_header Remote-User $vitrine_user;',
    'proxy_set_header Remote-Groups $vitrine_roles;',
  ];
}

function handToFastcgi(at: number): readonly string[] {
  return [
    `fastcgi_pass ${groupName(at)};`,
    'fastcgi_keep_conn on;',
    'fastcgi_intercept_errors on;',
    ...fastcgiParams('$vitrine_image'),
    'fastcgi_param REMOTE_USER $vitrine_user if_not_empty;',
  ];
}

/** An empty If-Modified-Since is one that IIPImage answers with 304. */
function fastcgiParams(uri: string): readonly string[] {
  return [
    'fastcgi_pass_request_headers off;',
    `fastcgi_param REQUEST_URI ${uri};`,
    'fastcgi_param QUERY_STRING "";',
    'fastcgi_param REQUEST_METHOD $request_method;',
    'fastcgi_param SERVER_PROTOCOL $server_protocol;',
    'fastcgi_param HTTP_HOST $http_host;',
    'fastcgi_param HTTP_IF_MODIFIED_SINCE $http_if_modified_since if_not_empty;',
  ];
}

function groupName(at: number): string {
  return at === 0 ? 'image_server' : `image_server_${at + 1}`;
}
