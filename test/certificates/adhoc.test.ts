import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adhocCertificate } from '../../src/adapters/certificates/adhoc.ts';

const NOW = new Date('2026-05-01T00:00:00Z');
const NAMES = ['localhost', '127.0.0.1', '::1'];
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-certificate-'));
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));

describe('the ad hoc certificate', () => {
  it('is good for every name that was asked for, and is readable by its owner only', async () => {
    const { cert, key } = await adhocCertificate(folder, NAMES, NOW);
    const certificate = new X509Certificate(cert);
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkIP('::1')).toBe('::1');
    expect(key).toContain('PRIVATE KEY');
    expect((await stat(join(folder, 'adhoc.pem'))).mode & 0o077).toBe(0);
  });

  it('stays the same from start to start', async () => {
    const first = await adhocCertificate(folder, NAMES, NOW);
    expect(await adhocCertificate(folder, NAMES, NOW)).toEqual(first);
  });

  it('is made anew when it ends soon, when a name is missing, and when its file is damaged', async () => {
    const first = await adhocCertificate(folder, NAMES, NOW);
    const later = await adhocCertificate(folder, NAMES, new Date('2027-04-15T00:00:00Z'));
    expect(later.cert).not.toBe(first.cert);
    const wider = await adhocCertificate(folder, [...NAMES, 'images.example.org'], new Date('2027-04-15T00:00:00Z'));
    expect(new X509Certificate(wider.cert).checkHost('images.example.org')).toBe('images.example.org');
    await writeFile(join(folder, 'adhoc.pem'), 'nothing');
    await adhocCertificate(folder, NAMES, NOW);
    expect(await readFile(join(folder, 'adhoc.pem'), 'utf8')).toContain('BEGIN CERTIFICATE');
  });
});
