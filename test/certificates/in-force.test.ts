import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { adhocCertificate } from '../../src/adapters/certificates/adhoc.ts';
import { type Certificate, daysLeft, endsSoon, factsOf } from '../../src/adapters/certificates/certificate.ts';
import { readCertificate } from '../../src/adapters/certificates/files.ts';
import { type CertificateInForce, keepInForce } from '../../src/adapters/certificates/in-force.ts';

const DAY = 86_400_000;
let folder = '';
let cert = '';
let key = '';
let ended: Certificate;
let first: Certificate;
let second: Certificate;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-in-force-'));
  cert = join(folder, 'cert.pem');
  key = join(folder, 'key.pem');
  const make = (name: string, when: Date) => adhocCertificate(join(folder, name), ['localhost'], when);
  first = await make('first', new Date());
  second = await make('second', new Date());
  ended = await make('ended', new Date(Date.now() - 400 * DAY));
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));

async function put(pair: Certificate): Promise<void> {
  await writeFile(cert, pair.cert);
  await writeFile(key, pair.key);
}

describe('a certificate in force', () => {
  let inForce: CertificateInForce;
  let said: string[];
  let taken: string[];

  beforeEach(async () => {
    await put(first);
    // Of this one only: the one before may still look at its files for a moment.
    const [own, words]: [string[], string[]] = [[], []];
    taken = own;
    said = words;
    inForce = await keepInForce({
      files: [cert, key],
      read: () => readCertificate(cert, key),
      now: () => new Date(),
      log: { info: (line) => void words.push(line), error: (line) => void words.push(line) },
      pollMilliseconds: 50,
    });
    inForce.onChange(({ cert: pem }) => void own.push(pem));
    return () => inForce.close();
  });

  it('gives way to the next one that is written to its files', async () => {
    await put(second);
    await expect.poll(() => inForce.current().cert, { timeout: 10_000 }).toBe(second.cert);
    expect(inForce.current().key).toBe(second.key);
    expect(taken).toEqual([second.cert]);
    expect(said).toEqual([expect.stringContaining('was renewed')]);
  });

  it.each([
    ['is no certificate', () => writeFile(cert, 'nothing'), 'holds no certificate'],
    ['belongs to another key', () => writeFile(cert, second.cert), 'does not belong'],
    ['has ended', () => put(ended), 'has ended, on'],
    ['is gone', () => rm(key), 'ENOENT'],
  ])('stays where what comes after it %s, which is told once', async (_what, spoil, sentence) => {
    await spoil();
    await expect.poll(() => said, { timeout: 10_000 }).toHaveLength(1);
    expect(said[0]).toContain(sentence);
    expect(said[0]).toContain('The last certificate stays in force.');
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(said).toHaveLength(1);
    expect(inForce.current()).toEqual(first);
    await put(second);
    await expect.poll(() => inForce.current().cert, { timeout: 10_000 }).toBe(second.cert);
  });

  it('is looked at when somebody asks, also where the file system tells of no change', async () => {
    inForce.close();
    await copyFile(join(folder, 'second', 'adhoc.pem'), cert);
    await copyFile(join(folder, 'second', 'adhoc.pem'), key);
    await inForce.look();
    expect(taken).toHaveLength(1);
  });
});

describe('the end of a certificate', () => {
  it.each([
    [365, 15, false],
    [365, 13, true],
    [365, -1, true],
    [90, 15, false],
    [90, 13, true],
    [6, 2, false],
    [6, 0.5, true],
  ])('of %d days is told %d days before: %s', (life, left, told) => {
    const now = new Date('2026-05-01T00:00:00Z');
    const endsAt = new Date(now.getTime() + left * DAY);
    const facts = { beginsAt: new Date(endsAt.getTime() - life * DAY), endsAt, covers: () => true };
    expect(endsSoon(facts, now)).toBe(told);
    expect(daysLeft(facts, now)).toBeCloseTo(left);
  });

  it('is read from the certificate itself, with the names that it is for', () => {
    const facts = factsOf(first);
    expect(Math.round(daysLeft(facts, new Date()))).toBe(365);
    expect([facts.covers('localhost'), facts.covers('example.org')]).toEqual([true, false]);
  });
});
