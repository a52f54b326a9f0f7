import type { GatewayFacts, GatewayService } from './facts.ts';

/** The lines that each configuration begins with, as comments. */
export function introduction(facts: GatewayFacts, proxy: string, steps: string): string {
  const { imageServer, publicUrl } = facts;
  const lines = [
    `${proxy} in front of ${imageServer.label}, with Vitrine saying who may see what: ${publicUrl.href}`,
    steps,
    '',
    `${imageServer.label}:`,
    ...[...imageServer.advice, ...moreAdvice(facts, proxy)].map((sentence) => `- ${sentence}`),
  ];
  return lines.map((line) => (line === '' ? '#' : `# ${line}`)).join('\n');
}

function moreAdvice({ imageServer, services }: GatewayFacts, proxy: string): readonly string[] {
  const needsHttp = imageServer.speaks === 'fastcgi' && !SPEAK_FASTCGI.has(proxy);
  const addresses = services.map(({ upstream }) => upstream.host).join(' and ');
  const isAskedAsWritten = imageServer.slash !== '%2F' && ASK_AS_WRITTEN.has(proxy);
  const secrets = services.flatMap(({ headers }) => headers);
  return [
    ...(needsHttp ? [`It speaks FastCGI: put a web server in front of it that speaks HTTP at ${addresses}.`] : []),
    ...(isAskedAsWritten
      ? [
          `${proxy} asks it in the spelling of visitors: the options file of the gateway says slashSubstitute: "${imageServer.slash}" as well.`,
        ]
      : []),
    ...(secrets.length === 0
      ? []
      : [`The gateway sends it ${secrets.join(', ')}. ${proxy} has to send the same; it is not written here, because it is secret.`]),
  ];
}

/** Those that take no spelling from Vitrine. */
const ASK_AS_WRITTEN: ReadonlySet<string> = new Set(['Caddy', 'Traefik']);
const SPEAK_FASTCGI: ReadonlySet<string> = new Set(['nginx', 'Apache']);

export type ServicesOfServer = readonly [GatewayService, ...(readonly GatewayService[])];

/** Those that are to answer at the same host and port, together: nobody can listen there twice. */
export function serversOf(services: readonly GatewayService[]): readonly ServicesOfServer[] {
  const groups = [...Map.groupBy(services, ({ upstream }) => authority(upstream)).values()];
  return groups.flatMap(([first, ...others]) => (first === undefined ? [] : [[first, ...others] as const]));
}

export function authority({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port === '' ? (protocol === 'https:' ? '443' : '80') : port}`;
}

/** What stands before an identifier in the URIs that visitors see. `slash`: how one within identifiers is written there. */
export function publicPath(
  { publicUrl }: Pick<GatewayFacts, 'publicUrl'>,
  { version, prefix }: GatewayService,
  slash: '/' | '%2F',
): string {
  return `${pathOf(publicUrl)}/iiif/${version}/${prefix === '' ? '' : `${prefix}${slash}`}`;
}

/** Without a slash at the end. */
export function pathOf({ pathname }: URL): string {
  return pathname.replace(/\/+$/, '');
}

export function indent(text: string, times = 1): string {
  return text.replace(/^(?=.)/gm, '  '.repeat(times));
}

/** For a regular expression. */
export function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Headers of the image server's answers that are for Vitrine to say. */
export const SAID_BY_VITRINE = [
  'Set-Cookie',
  'Cache-Control',
  'Expires',
  'Pragma',
  'Link',
  'Vary',
  'Access-Control-Allow-Origin',
  'Access-Control-Allow-Credentials',
  'Access-Control-Allow-Headers',
  'Access-Control-Allow-Methods',
  'Access-Control-Expose-Headers',
  'Cross-Origin-Resource-Policy',
] as const;
