import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { createRandomness } from '../../adapters/system/randomness.ts';
import { createSigner } from '../../adapters/system/signer.ts';
import type { Options } from '../../config/options.ts';
import { StartProblem } from '../../config/start-problem.ts';
import { imageServiceUri } from '../../iiif/image/service-uri.ts';
import { gatewayAddress } from '../gateway-config/gateway-facts.ts';
import { diagnose, type Finding } from './diagnose.ts';

const MARKS: Readonly<Record<Finding['level'], string>> = { well: 'well ', note: 'note ', fault: 'FAULT' };

type DoctorOptions = Pick<
  Options,
  'publicUrl' | 'host' | 'port' | 'socket' | 'data' | 'upstream' | 'trustedProxies' | 'tls' | 'slashSubstitute'
>;

/** 0 where nothing is wrong, else 1. */
export async function runGatewayDoctor(options: DoctorOptions, locked: string | null, print: (line: string) => void): Promise<number> {
  const gateway = gatewayAddress(options);
  if (options.tls.mode !== 'off') gateway.protocol = 'https:';
  const findings = await diagnose({
    publicUrl: new URL(options.publicUrl ?? gateway),
    gateway,
    socket: options.socket,
    services: options.upstream.map(({ version, prefix, url }) => ({
      path: `/iiif/${version}/${prefix === '' ? '' : `${prefix}%2F`}`,
      upstream: new URL(url),
    })),
    trustedProxies: options.trustedProxies,
    locked: locked === null ? null : lockedPath(options, locked),
    outsideAddresses: outsideAddresses(),
    signer: createSigner(await readKey(options.data)),
    randomness: createRandomness(),
    now: () => new Date(),
  });
  for (const { level, text } of findings) print(`${MARKS[level]} ${text}`);
  return findings.some(({ level }) => level === 'fault') ? 1 : 0;
}

/** Of an identifier as the access file has it. */
function lockedPath({ upstream, slashSubstitute }: DoctorOptions, identifier: string): string {
  const service = upstream.find(({ prefix }) => prefix === '' || identifier.startsWith(`${prefix}/`));
  if (service === undefined) throw new StartProblem([`${identifier} is of no image server: it begins with none of their prefixes.`], 2);
  return `${imageServiceUri('', service.version, identifier, slashSubstitute)}/`;
}

async function readKey(data: string): Promise<string> {
  const text = await readFile(join(data, 'secret.key'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'has no secret.key: no gateway was started with it' : 'cannot be read by this account';
    throw new StartProblem([`The data folder ${data} ${why}. Give the options of the gateway, and run this as its account.`], 1);
  });
  return text.trim();
}

/** By which other machines reach this one. */
function outsideAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).filter(({ internal, scopeid }) => !internal && (scopeid ?? 0) === 0).map(({ address }) => address),
  );
}
