import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { createRandomness } from '../../src/adapters/system/randomness.ts';
import { runVitrine } from './run-vitrine.ts';

const ACCESS = `accessServices:
  desks: { pattern: kiosk, label: Desks of Example Library, devices: true }
  room: { pattern: kiosk, label: Room of Example Library, networks: [192.0.2.0/24] }
policies:
  - { items: letters/**, allow: [{ service: desks }] }
`;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-devices-'));
  await mkdir(join(folder, 'images'));
  await writeFile(join(folder, 'access.yaml'), ACCESS);
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));

const vitrine = (...words: string[]) => runVitrine(words, { folder });
const add = (name: string, ...more: string[]) => vitrine('device', 'add', name, ...more);

async function inDatabase<T>(work: (db: Awaited<ReturnType<typeof openSqlite>>) => Promise<T>): Promise<T> {
  const db = await openSqlite(join(folder, 'vitrine-data/vitrine.db'));
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

describe('vitrine device', () => {
  it('add prints a whole link where the address is known, and keeps its hash alone', async () => {
    const { code, out, err } = await add(
      'desk 1',
      '--service',
      'desks',
      '--access',
      'access.yaml',
      '--public-url',
      'https://iiif.example.org/v/',
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const link = /^https:\/\/iiif\.example\.org\/v\/device\/([A-Za-z0-9_-]{43})$/m.exec(out)?.[1] ?? '';
    expect(out).toContain('within 30 minutes');
    const { hash } = createRandomness();
    expect(await inDatabase(({ devices }) => devices.findByLink(link, new Date()))).toBeNull();
    expect(await inDatabase(({ devices }) => devices.findByLink(hash(link), new Date()))).toMatchObject({
      name: 'desk 1',
      service: 'desks',
    });
  });

  it('add prints a path where no address is known', async () => {
    const { code, out, err } = await add('desk 2', '--service', 'desks');
    expect(code).toBe(0);
    expect(out).toMatch(/^\/device\/[A-Za-z0-9_-]{43}$/m);
    expect(err).toContain('--public-url');
  });

  it.each([
    ['a name that is taken', ['desk 1', '--service', 'desks'], 1, /already a device "desk 1"/],
    ['a service that there is not', ['x', '--service', 'halls', '--access', 'access.yaml'], 1, /no access service "halls"/],
    ['a service without devices', ['x', '--service', 'room', '--access', 'access.yaml'], 1, /needs devices: true/],
    ['no name', [' ', '--service', 'desks'], 2, /needs a name/],
    ['no service', ['x'], 2, /--service/],
  ])('add refuses %s with a sentence', async (_what, words, code, sentence) => {
    const run = await vitrine('device', 'add', ...words);
    expect(run).toMatchObject({ code, out: '', err: expect.stringMatching(sentence) });
  });

  it('list says which are registered and which wait, and remove takes one away', async () => {
    await inDatabase(async ({ devices }) => {
      const day = new Date('2026-03-01T09:00:00Z');
      await devices.create({ name: 'old', service: 'desks', linkHash: 'over', linkEndsAt: day, createdAt: day });
      await devices.create({ name: 'tablet', service: 'desks', linkHash: 'link', linkEndsAt: new Date(day.getTime() + 1), createdAt: day });
      const device = await devices.register('link', 'secret', day);
      await devices.touch(device?.id ?? 'dev_', new Date('2026-03-02T09:00:00Z'));
    });
    const { out } = await vitrine('device', 'list');
    expect(out).toMatch(/^NAME +SERVICE +SINCE +STATE +LAST USED$/m);
    expect(out).toMatch(/^desk 1 +desks +\d{4}-\d{2}-\d{2} +pending +never$/m);
    expect(out).toMatch(/^old +desks +2026-03-01 +link over +never$/m);
    expect(out).toMatch(/^tablet +desks +2026-03-01 +registered +2026-03-02$/m);
    expect(await vitrine('device', 'remove', 'tablet')).toMatchObject({ code: 0, out: expect.stringContaining('Removed tablet') });
    expect(await vitrine('device', 'remove', 'tablet')).toMatchObject({ code: 1, err: expect.stringContaining('no device "tablet"') });
    expect((await vitrine('device', 'list')).out).not.toContain('tablet');
  });

  it('is told of by access explain', async () => {
    const { out } = await vitrine('access', 'explain', 'letters/a.jpg', '--access', 'access.yaml', '--address', '203.0.113.5');
    expect(out).toContain('Nobody in particular, at 203.0.113.5: access needed (401)');
    expect(out).toContain('at no registered device of service desks');
    expect(out).toContain('Somebody, at a registered device (desks): allowed');
  });

  it('is written down in the audit: what was added, and what was removed', async () => {
    await add('desk 9', '--service', 'desks');
    await vitrine('device', 'remove', 'desk 9');
    const events = await inDatabase(({ audit }) => audit.list({}, { limit: 2 }));
    expect(events.map(({ action, target, via }) => ({ action, target, via }))).toEqual([
      { action: 'device.removed', target: 'desk 9', via: 'command line' },
      { action: 'device.created', target: 'desk 9', via: 'command line' },
    ]);
  });
});
