import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { keepRenewed, pauseMinutes, renewAt } from '../../src/adapters/certificates/acme/keep-renewed.ts';
import { createProofs } from '../../src/adapters/certificates/acme/proofs.ts';
import { type AcmePlaces, placesOf } from '../../src/adapters/certificates/acme/settings.ts';
import { adhocCertificate } from '../../src/adapters/certificates/adhoc.ts';
import type { Certificate } from '../../src/adapters/certificates/certificate.ts';
import { readPemFile, writePemFile } from '../../src/adapters/certificates/pem-file.ts';
import { claimOneOf } from '../../src/adapters/imaging/pyramid/claim.ts';

const DAY = 86_400_000;

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-renew-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
  return folder;
}

function placesIn(folder: string): AcmePlaces {
  const none = { authorityFile: null, email: null, challenge: 'http-01', dnsCommand: null, binding: null } as const;
  return placesOf({ ...none, folder, directory: 'https://acme.test/', names: ['iiif.test'] });
}

function make(folder: string, daysAgo: number): Promise<Certificate> {
  return adhocCertificate(join(folder, `made-${daysAgo}`), ['iiif.test'], new Date(Date.now() - daysAgo * DAY));
}

/** One process that looks after the certificate in the folder. */
function begin(folder: string, order: () => Promise<Certificate>) {
  const said: string[] = [];
  const places = placesIn(folder);
  const renewal = keepRenewed({
    places,
    order,
    claim: (signal) => claimOneOf(places.lock, 1, signal),
    onRenewed: async () => {},
    now: () => new Date(),
    random: () => 0.5,
    log: { info: (line) => (line.includes('is asked for') ? undefined : void said.push(line)), error: (line) => void said.push(line) },
  });
  onTestFinished(() => renewal.close());
  return { said, places, renewal };
}

describe('whoever keeps a certificate renewed', () => {
  it.each([
    ['there is none', null, 1],
    ['less than a third of its life is left', 300, 1],
    ['more is left', 100, 0],
  ])('orders where %s', async (_when, daysAgo, orders) => {
    const folder = await newFolder();
    if (daysAgo !== null) await writePemFile(placesIn(folder).certificate, await make(folder, daysAgo));
    const fresh = await make(folder, 0);
    let ordered = 0;
    const { places } = begin(folder, async () => {
      ordered += 1;
      return fresh;
    });
    if (orders > 0) await expect.poll(() => readPemFile(places.certificate)).toEqual(fresh);
    else await new Promise((resolve) => setTimeout(resolve, 200));
    expect(ordered).toBe(orders);
  });

  it('is one of several on the same folder: the others take what it got', async () => {
    const folder = await newFolder();
    const fresh = await make(folder, 0);
    let ordered = 0;
    const order = async () => {
      ordered += 1;
      await new Promise((resolve) => setTimeout(resolve, 300));
      return fresh;
    };
    const all = [begin(folder, order), begin(folder, order), begin(folder, order)];
    await expect.poll(() => all.flatMap(({ said }) => said), { timeout: 10_000 }).toHaveLength(1);
    // Whoever waits for its turn looks again every half second.
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(ordered).toBe(1);
  });

  it('waits after a failure, also where the program is started again', async () => {
    const folder = await newFolder();
    let ordered = 0;
    const order = async () => {
      ordered += 1;
      throw new Error('no such name');
    };
    const first = begin(folder, order);
    await expect.poll(() => first.said).toEqual([expect.stringContaining('given no certificate: no such name. It is asked again')]);
    const again = begin(folder, order);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([ordered, again.said]).toEqual([1, []]);
    expect(JSON.parse(await readFile(first.places.attempts, 'utf8'))).toMatchObject({ failures: 1 });

    await writeFile(first.places.attempts, JSON.stringify({ failures: 7, lastAt: new Date(Date.now() - 8 * 60_000).toISOString() }));
    const mended = begin(folder, async () => make(folder, 0));
    await expect.poll(() => mended.said).toEqual(['The authority has given a new certificate.']);
    await expect(readFile(first.places.attempts, 'utf8')).rejects.toThrow('ENOENT');
  });

  it('waits no longer when somebody says that it is mended', async () => {
    const folder = await newFolder();
    const fresh = await make(folder, 0);
    let isMended = false;
    const { said, renewal } = begin(folder, async () => {
      if (isMended) return fresh;
      throw new Error('no such name');
    });
    await expect.poll(() => said).toHaveLength(1);
    isMended = true;
    await expect
      .poll(() => {
        renewal.tryNow();
        return said;
      })
      .toEqual([expect.any(String), 'The authority has given a new certificate.']);
  });

  it('orders where what is kept is broken', async () => {
    const folder = await newFolder();
    const [fresh, other] = [await make(folder, 0), await make(folder, 1)];
    await writePemFile(placesIn(folder).certificate, { cert: fresh.cert, key: other.key });
    const { places } = begin(folder, async () => fresh);
    await expect.poll(() => readPemFile(places.certificate)).toEqual(fresh);
  });

  it.each([
    [1, 0.5, 5],
    [2, 0.5, 15],
    [3, 0.5, 45],
    [20, 0.5, 360],
    [1, 0, 4],
    [1, 1, 6],
  ])('after %d failures (%d) waits %d minutes', (failures, random, minutes) => {
    expect(pauseMinutes(failures, random)).toBeCloseTo(minutes);
  });

  it.each([
    [90, 0, 60],
    [90, 1, 57],
    [6, 0, 4],
  ])('renews one of %d days (%d) after %d', (life, random, after) => {
    const facts = { beginsAt: new Date(0), endsAt: new Date(life * DAY), covers: () => true };
    expect(renewAt(facts, random).getTime() / DAY).toBeCloseTo(after);
  });
});

describe('a proof', () => {
  it('is found by its token and its name, until all are removed', async () => {
    const folder = join(await newFolder(), 'proofs');
    const proofs = createProofs(folder);
    const pair = await make(folder, 0);
    await proofs.putText('tok_1-A', 'tok_1-A.print');
    await proofs.putCertificate('iiif.test', pair);
    expect([await proofs.textOf('tok_1-A'), await proofs.certificateOf('iiif.test')]).toEqual(['tok_1-A.print', pair]);
    await proofs.clear();
    expect([await proofs.textOf('tok_1-A'), await proofs.certificateOf('iiif.test')]).toEqual([null, null]);
  });

  it.each(['../secret', 'a/b', '', '.', 'a\0b', 'x'.repeat(300)])('is nowhere else: %j', async (name) => {
    const folder = join(await newFolder(), 'proofs');
    const proofs = createProofs(folder);
    await writePemFile(join(folder, '..', 'secret'), { key: 'k', cert: 'c' });
    expect([await proofs.textOf(name), await proofs.certificateOf(name)]).toEqual([null, null]);
    await expect(proofs.putText(name, 'x')).rejects.toThrow('may not have');
  });
});
