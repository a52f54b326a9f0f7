import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type PeerCertificate } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { orderCertificate } from '../../src/adapters/certificates/acme/order.ts';
import { createProofs } from '../../src/adapters/certificates/acme/proofs.ts';
import { type AcmeSettings, placesOf } from '../../src/adapters/certificates/acme/settings.ts';
import { factsOf } from '../../src/adapters/certificates/certificate.ts';
import type { Options } from '../../src/config/options.ts';
import { freePort } from '../harness/process.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { findRealPart, PEBBLE } from '../setup/real-parts.ts';
import { type Pebble, startPebble } from './pebble.ts';

const NAME = 'iiif.vitrine.test';

/** What a visitor is shown. */
function shownAt(port: number): Promise<PeerCertificate> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, servername: NAME, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate());
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

describe.skipIf(findRealPart(PEBBLE) === null)('certificates from an authority', () => {
  let pebble: Pebble;
  beforeAll(async () => {
    pebble = await startPebble();
  });
  afterAll(() => pebble.stop());

  async function start(changes: Partial<Options>): Promise<TestVitrine> {
    const vitrine = await startTestVitrine({
      options: {
        tls: { mode: 'acme' },
        port: pebble.tlsPort,
        httpPort: pebble.httpPort,
        publicUrl: `https://${NAME}`,
        acmeTermsAgreed: true,
        acmeEmail: 'iiif@vitrine.test',
        acmeDirectory: pebble.directory,
        acmeAuthorityFile: pebble.authorityFile,
        ...changes,
      },
    });
    onTestFinished(() => vitrine.close());
    return vitrine;
  }

  const issuerAt = async (port: number) => (await shownAt(port)).issuer.CN;

  it.each(['http-01', 'tls-alpn-01'] as const)(
    'is got by %s after the start, shown at once, and kept for the owner only',
    async (acmeChallenge) => {
      const vitrine = await start({ acmeChallenge });
      await expect.poll(() => issuerAt(pebble.tlsPort), { timeout: 30_000 }).toMatch(/Pebble Intermediate/);
      const { subjectaltname } = await shownAt(pebble.tlsPort);
      expect(subjectaltname).toBe(`DNS:${NAME}`);
      const folder = join(vitrine.data, 'certificates', 'acme');
      await expect.poll(() => readdir(folder)).not.toContain('lock-0');
      const kept = (await readdir(folder)).sort();
      expect(kept).toEqual([expect.stringMatching(/^account-.*\.pem$/), expect.stringMatching(/^iiif\.vitrine\.test-.*\.pem$/)]);
      for (const file of kept) expect((await stat(join(folder, file))).mode & 0o077, file).toBe(0);
      expect((await stat(folder)).mode & 0o077).toBe(0);
    },
  );

  it('that is kept is shown from the start, and no other is asked for', async () => {
    const first = await start({});
    await expect.poll(() => issuerAt(pebble.tlsPort), { timeout: 30_000 }).toMatch(/Pebble/);
    const { serialNumber } = await shownAt(pebble.tlsPort);
    await first.stop();
    const port = await freePort();
    const again = await start({ data: first.data, port, httpPort: await freePort() });
    expect((await shownAt(port)).serialNumber).toBe(serialNumber);
    expect(again.log.filter(({ level }) => Number(level) >= 40)).toEqual([]);
  });

  it('that it does not give leaves a server that answers, and a reason in the log', async () => {
    const vitrine = await start({ httpPort: await freePort() });
    const errors = () => vitrine.log.filter(({ level }) => level === 50).map(({ msg }) => msg);
    await expect
      .poll(errors, { timeout: 30_000 })
      .toEqual([expect.stringMatching(/given no certificate: .*(connection refused|Connection refused)/i)]);
    expect(await issuerAt(pebble.tlsPort)).toBe('localhost');
    const attempts = (await readdir(join(vitrine.data, 'certificates', 'acme'))).filter((file) => file.endsWith('.attempts.json'));
    expect(attempts).toHaveLength(1);
  });

  it('for all names below one is got by records in the DNS, which are removed again', async () => {
    const { settings, proofs } = await newSettings({ names: [NAME, `*.${NAME}`], challenge: 'dns-01', dnsCommand: pebble.dnsCommand });
    const certificate = await orderCertificate(settings, proofs);
    const facts = factsOf(certificate);
    expect(['iiif.vitrine.test', 'other.iiif.vitrine.test', 'elsewhere.test'].map(facts.covers)).toEqual([true, true, false]);
    expect(certificate.cert.match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(1);
  });

  it('is not got where the program for the DNS fails, and what it said is told', async () => {
    const { settings, proofs } = await newSettings({ challenge: 'dns-01', dnsCommand: '/bin/false' });
    await expect(orderCertificate(settings, proofs)).rejects.toThrow('acmeDnsCommand set ended with 1.');
  });

  it('is got for an account that is bound to one at the authority, and not without', async () => {
    const macKey = 'zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W';
    const closed = await startPebble({ macKeys: { 'kid-1': macKey }, believes: true });
    onTestFinished(() => closed.stop());
    const here = { directory: closed.directory, authorityFile: closed.authorityFile };
    const bound = await newSettings({ ...here, binding: { keyId: 'kid-1', macKey } });
    expect(factsOf(await orderCertificate(bound.settings, bound.proofs)).covers(NAME)).toBe(true);
    const unbound = await newSettings(here);
    await expect(orderCertificate(unbound.settings, unbound.proofs)).rejects.toThrow(/[Ee]xternal/);
  });

  it('is asked for nowhere but at an authority that somebody vouches for', async () => {
    const { settings, proofs } = await newSettings({ authorityFile: null });
    await expect(orderCertificate(settings, proofs)).rejects.toThrow(
      /could not be reached \((DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN)\)/,
    );
  });

  async function newSettings(changes: Partial<AcmeSettings>) {
    const folder = await mkdtemp(join(tmpdir(), 'vitrine-acme-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
    const settings: AcmeSettings = {
      directory: pebble.directory,
      authorityFile: pebble.authorityFile,
      names: [NAME],
      email: null,
      challenge: 'http-01',
      dnsCommand: null,
      binding: null,
      folder,
      ...changes,
    };
    return { settings, proofs: createProofs(placesOf(settings).proofs) };
  }
});
