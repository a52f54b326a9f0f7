import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { adhocCertificate } from '../../src/adapters/certificates/adhoc.ts';
import { freePort } from '../harness/process.ts';
import { findRealPart, PEBBLE } from '../setup/real-parts.ts';

/** A certificate authority, and a DNS in which every name leads to this machine. */
export interface Pebble {
  readonly directory: string;
  /** Vouches for the authority's own https. */
  readonly authorityFile: string;
  /** Where it looks for proofs. */
  readonly httpPort: number;
  readonly tlsPort: number;
  /** A program that writes records into that DNS. */
  readonly dnsCommand: string;
  stop(): Promise<void>;
}

/** `macKeys`: it gives certificates only to accounts that are bound to one of these. `believes`: it looks for no proof. */
export async function startPebble({
  macKeys = {},
  believes = false,
}: {
  macKeys?: Record<string, string>;
  believes?: boolean;
} = {}): Promise<Pebble> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-pebble-'));
  const [port, httpPort, tlsPort, dnsPort, managementPort] = await freePorts(5);
  const own = await adhocCertificate(folder, ['localhost'], new Date());
  const files = { authority: join(folder, 'authority.pem'), key: join(folder, 'key.pem'), config: join(folder, 'config.json') };
  const dnsCommand = join(folder, 'dns-record');
  await writeFile(files.authority, own.cert);
  await writeFile(files.key, own.key);
  await writeFile(dnsCommand, dnsProgram(managementPort ?? 0), { mode: 0o700 });
  const config = {
    listenAddress: `127.0.0.1:${port}`,
    certificate: files.authority,
    privateKey: files.key,
    httpPort,
    tlsPort,
    externalAccountBindingRequired: Object.keys(macKeys).length > 0,
    externalAccountMACKeys: macKeys,
  };
  await writeFile(files.config, JSON.stringify({ pebble: config }));
  const environment = { PEBBLE_VA_NOSLEEP: '1', PEBBLE_AUTHZREUSE: '0', ...(believes ? { PEBBLE_VA_ALWAYS_VALID: '1' } : {}) };
  const program = findRealPart(PEBBLE) ?? 'pebble';
  const dns = [
    ...['-dns01', `127.0.0.1:${dnsPort}`, '-management', `127.0.0.1:${managementPort}`, '-defaultIPv6', ''],
    ...['-http01', '', '-https01', '', '-tlsalpn01', ''],
  ];
  const children = [
    spawn(`${program}-challtestsrv`, dns, { stdio: 'ignore' }),
    spawn(program, ['-config', files.config, '-dnsserver', `127.0.0.1:${dnsPort}`], {
      stdio: 'ignore',
      env: { ...process.env, ...environment },
    }),
  ];
  const directory = `https://localhost:${port}/dir`;
  await untilAnswered(directory, children);
  return {
    directory,
    authorityFile: files.authority,
    httpPort: httpPort ?? 0,
    tlsPort: tlsPort ?? 0,
    dnsCommand,
    async stop() {
      await Promise.all(children.map(end));
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

async function freePorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
}

/** As an administrator would write it for a DNS with an interface. */
function dnsProgram(port: number): string {
  return `#!${process.execPath}
const [verb, name, value] = process.argv.slice(2);
const path = verb === 'set' ? 'set-txt' : 'clear-txt';
const body = JSON.stringify({ host: name + '.', value });
fetch('http://127.0.0.1:${port}/' + path, { method: 'POST', body }).then((answer) => process.exit(answer.ok ? 0 : 1));
`;
}

async function untilAnswered(url: string, children: readonly ChildProcess[]): Promise<void> {
  const end = Date.now() + 30_000;
  while (Date.now() < end && children.every(({ exitCode }) => exitCode === null)) {
    const status = await new Promise((resolve) => {
      request(url, { rejectUnauthorized: false }, (answer) => resolve(answer.resume().statusCode))
        .once('error', () => resolve(0))
        .end();
    });
    if (status === 200) return;
    await setTimeout(50);
  }
  throw new Error('Pebble did not start.');
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await new Promise((resolve) => child.once('exit', resolve));
}
