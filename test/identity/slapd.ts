import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../harness/process.ts';
import { findRealPart, SLAPD } from '../setup/real-parts.ts';
import type { KeyPair } from './saml-idp.ts';

/** Debian's slapd with a directory of its own, on a free port, as an account without rights. */
export interface Slapd {
  readonly url: string;
  readonly secureUrl: string;
  stop(): Promise<void>;
}

export const SUFFIX = 'dc=example,dc=edu';
export const SEARCHER = { bindDn: `cn=vitrine,${SUFFIX}`, bindPassword: 'search (only)' };

/** Of `nobody`, which is on every system. */
const NOBODY = 65_534;

export async function startSlapd(entries: string, tls: KeyPair): Promise<Slapd> {
  const program = findRealPart(SLAPD);
  if (program === null) throw new Error('slapd is not installed');
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-slapd-'));
  await mkdir(join(folder, 'db'));
  await writeFile(join(folder, 'tls.key'), tls.key);
  await writeFile(join(folder, 'tls.crt'), tls.certificate);
  await writeFile(join(folder, 'entries.ldif'), entries);
  await writeFile(join(folder, 'slapd.conf'), configuration(folder));
  const account = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if ('uid' in account) for (const name of ['', ...(await readdir(folder))]) chownSync(join(folder, name), NOBODY, NOBODY);

  // One program: as `slapadd` it fills the directory, as `slapd` it serves it.
  execFileSync(program, ['-T', 'add', '-f', join(folder, 'slapd.conf'), '-l', join(folder, 'entries.ldif')], { ...account, stdio: 'pipe' });
  const [port, securePort] = [await freePort(), await freePort()];
  const urls = [`ldap://127.0.0.1:${port}`, `ldaps://127.0.0.1:${securePort}`];
  const child = spawn(program, ['-f', join(folder, 'slapd.conf'), '-h', urls.join(' '), '-d', '0'], {
    ...account,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let written = '';
  child.stderr.on('data', (chunk: Buffer) => {
    written += chunk.toString();
  });
  await untilListening(securePort, child, () => written);
  return {
    url: `ldap://localhost:${port}`,
    secureUrl: `ldaps://localhost:${securePort}`,
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

/** It would take a bind without a password for a success, as many directories do. */
function configuration(folder: string): string {
  return [
    ...['core', 'cosine', 'inetorgperson'].map((name) => `include /etc/ldap/schema/${name}.schema`),
    `pidfile ${folder}/slapd.pid`,
    `argsfile ${folder}/slapd.args`,
    'modulepath /usr/lib/ldap',
    'moduleload back_mdb',
    `TLSCertificateFile ${folder}/tls.crt`,
    `TLSCertificateKeyFile ${folder}/tls.key`,
    'allow bind_anon_cred bind_anon_dn',
    'database mdb',
    `suffix "${SUFFIX}"`,
    `directory ${folder}/db`,
    'maxsize 10485760',
    'access to attrs=userPassword by anonymous auth by * none',
    `access to * by dn.exact="${SEARCHER.bindDn}" read by * none`,
    '',
  ].join('\n');
}

async function untilListening(port: number, child: ChildProcess, output: () => string): Promise<void> {
  for (let attempt = 0; attempt < 200 && child.exitCode === null; attempt += 1) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`slapd does not answer. It wrote:\n${output()}`);
}
