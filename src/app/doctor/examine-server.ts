import { createServer } from 'node:net';
import { readKeptSecret } from '../../adapters/storage/secret-file.ts';
import { createRandomness } from '../../adapters/system/randomness.ts';
import { createSigner } from '../../adapters/system/signer.ts';
import type { Options } from '../../config/options.ts';
import { CHALLENGE_PARAMETER, PROOF_HEADER, PROOF_PURPOSE, VISITOR_HEADER, VISITOR_PURPOSE } from '../../http/operation/live.ts';
import { nameOf } from '../from-options.ts';
import { askServer, type ServerAnswer } from './ask-server.ts';
import { type Finding, findingsAbout } from './finding.ts';

/** For documentation (RFC 5737): nobody is there. */
const FORGED = '203.0.113.77';
const CLOCK_SECONDS = 60;
const CERTIFICATE_DAYS = 14;

/** Whether the port can be taken, or our own server has it. */
export async function examinePort(options: Options): Promise<readonly Finding[]> {
  const { host, port, socket } = options;
  if (socket !== null || port === 0) return [];
  const say = findingsAbout('port');
  const fault = await tryToListen(host, port);
  if (fault === null) return [say.well(`Port ${port} on ${host} is free: no server runs there now.`)];
  if (fault === 'EACCES') return [say.wrong(`This account may not listen on port ${port}; choose one above 1023.`)];
  if (fault !== 'EADDRINUSE') return [say.wrong(`Nothing can listen on ${host}, port ${port}: ${fault}.`)];
  const answer = await challenge(options, localAddress(options), { anyCertificate: true });
  if (answer === null || answer === 'no key') return [say.wrong(`Port ${port} on ${host} is taken by another program.`)];
  return [
    answer.isOurs
      ? say.well(`A server with this data folder answers on port ${port}.`)
      : say.wrong(`Port ${port} is taken by a server with another data folder, or by another program.`),
  ];
}

/** Whether what visitors call us leads here, and what becomes of a request on the way. */
export async function examinePublicUrl(options: Options): Promise<readonly Finding[]> {
  const { publicUrl } = options;
  if (publicUrl === null) return [];
  const say = findingsAbout('public URL');
  const asked = await challenge(options, publicUrl).catch((error: unknown) => explain(error));
  if (typeof asked === 'string') {
    return [
      asked === 'no key' ? say.warning('It cannot be tried before the first start.') : say.wrong(`${publicUrl} does not answer: ${asked}.`),
    ];
  }
  if (asked === null || !asked.isOurs) {
    return [say.wrong(`${publicUrl} leads to another server, or to one with another data folder. Is one running?`)];
  }
  return [
    say.well(`${publicUrl} leads to a server with this data folder.`),
    ...certificateFindings(asked.answer),
    ...clockFindings(asked.answer),
    ...(await proxyFindings(options, publicUrl)),
    ...(await slashFindings(options, publicUrl)),
  ];
}

function certificateFindings({ certificateEnds }: ServerAnswer): readonly Finding[] {
  if (certificateEnds === null) return [];
  const say = findingsAbout('certificate');
  const days = Math.floor((certificateEnds.getTime() - Date.now()) / 86_400_000);
  return [days < CERTIFICATE_DAYS ? say.warning(`It ends in ${days} days.`) : say.well(`It is believed, and ends in ${days} days.`)];
}

function clockFindings(answer: ServerAnswer): readonly Finding[] {
  const told = Date.parse(answer.header('date') ?? '');
  const apart = Math.abs(told - Date.now()) / 1000;
  if (Number.isNaN(told) || apart <= CLOCK_SECONDS) return [];
  return [findingsAbout('clock').warning(`The answer from outside is dated ${Math.round(apart)} seconds away from the clock here.`)];
}

async function proxyFindings(options: Options, publicUrl: string): Promise<readonly Finding[]> {
  const say = findingsAbout('proxies');
  const forged = await challenge(options, publicUrl, { headers: { 'x-forwarded-for': FORGED, forwarded: `for=${FORGED}` } });
  if (forged === null || typeof forged === 'string') return [];
  if (forged.isSeenAs(FORGED)) {
    return [
      say.wrong(
        'A visitor can claim any address: what X-Forwarded-For says reached the server and was believed. Have the proxy replace or extend it, and name only the proxy in trustedProxies.',
      ),
    ];
  }
  if (options.trustedProxies.length === 0) {
    return publicUrl.startsWith('https:') && options.tls.mode === 'off'
      ? [say.warning(`A proxy is in front, and trustedProxies is empty: every visitor seems to come from the address of the proxy.`)]
      : [];
  }
  return [say.well('Nobody can claim another address.')];
}

/** Identifiers hold slashes, written %2F; some proxies decode them on the way. */
async function slashFindings({ slashSubstitute }: Options, publicUrl: string): Promise<readonly Finding[]> {
  const answer = await askServer(`${publicUrl}/iiif/3/vitrine-doctor%2Fnothing/info.json`).catch(() => null);
  if (answer === null || answer.body.includes('There is no image with this identifier')) return [];
  const say = findingsAbout('proxies');
  if (slashSubstitute !== null)
    return [say.well(`%2F does not come through as it is; slashSubstitute ${slashSubstitute} takes its place.`)];
  return [
    say.warning(
      'A proxy changes %2F in addresses on the way, or refuses it. Have it pass the address on as it came, or set slashSubstitute.',
    ),
  ];
}

interface Challenged {
  readonly answer: ServerAnswer;
  readonly isOurs: boolean;
  /** Whether the server took us to be at this address. */
  isSeenAs(address: string): boolean;
}

/** Null where something else answers. */
async function challenge(
  { data }: Options,
  base: string,
  asked: Parameters<typeof askServer>[1] = {},
): Promise<Challenged | 'no key' | null> {
  const key = await readKeptSecret(data);
  if (key === null) return 'no key';
  const text = createRandomness().token(24);
  const answer = await askServer(`${base}/livez?${CHALLENGE_PARAMETER}=${text}`, asked);
  if (answer.status !== 200) return null;
  const { sign } = createSigner(key);
  return {
    answer,
    isOurs: answer.header(PROOF_HEADER) === sign(PROOF_PURPOSE, text),
    isSeenAs: (address) => answer.header(VISITOR_HEADER) === sign(VISITOR_PURPOSE, `${text} ${address}`),
  };
}

function localAddress({ host, port, tls, publicUrl }: Options): string {
  const path = publicUrl === null ? '' : new URL(publicUrl).pathname.replace(/\/+$/, '');
  return `${tls.mode === 'off' ? 'http' : 'https'}://${nameOf(host)}:${port}${path}`;
}

function tryToListen(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? String(error)));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}

function explain(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known: Readonly<Record<string, string>> = {
    ENOTFOUND: 'its name is not known',
    EAI_AGAIN: 'its name cannot be looked up now',
    ECONNREFUSED: 'nothing listens there',
    CERT_HAS_EXPIRED: 'its certificate has ended',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is of its own making, and browsers warn of it',
    SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is of an authority that this machine does not know',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes without those between it and its authority',
    ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  };
  return known[code] ?? (error instanceof Error ? error.message : String(error));
}
