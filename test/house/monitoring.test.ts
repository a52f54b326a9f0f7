import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createReadiness } from '../../src/app/readiness.ts';
import { startTestGateway, startTestUpstream } from '../harness/gateway.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { startTestWorkers, type TestWorkers } from '../harness/workers.ts';

const TOKEN = 'a-token-of-monitoring';
const TILE = '/iiif/3/open%2Fpyramid.tif/0,0,256,256/256,/0/default.jpg';
const LOCKED = '/iiif/3/members%2Fletter.jpg/full/100,/0/default.jpg';

/** Lines of the text format, by name and labels. */
function parse(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]));
}

async function figures(base: string, ask: typeof fetch = fetch): Promise<ReadonlyMap<string, number>> {
  const answer = await ask(`${base}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  return parse(await answer.text());
}

describe('/metrics', () => {
  let vitrine: TestVitrine;
  afterEach(() => vitrine.close());

  it('is nowhere unless the options name its readers', async () => {
    vitrine = await startTestVitrine();
    const headers = { authorization: `Bearer ${TOKEN}` };
    expect((await fetch(`${vitrine.base}/metrics`, { headers })).status).toBe(404);
  });

  it('is for those who send the token', async () => {
    vitrine = await startTestVitrine({ options: { metricsToken: TOKEN } });
    for (const authorization of ['', 'Bearer', `Bearer ${TOKEN}x`, `Basic ${TOKEN}`]) {
      const answer = await fetch(`${vitrine.base}/metrics`, { headers: { authorization } });
      expect(answer.status, authorization).toBe(401);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(await answer.text()).not.toContain('vitrine_');
    }
    await figures(vitrine.base);
  });

  it('is for those who are near, whatever a visitor claims', async () => {
    vitrine = await startTestVitrine({ options: { metricsNetworks: ['192.0.2.0/24'], trustedProxies: ['127.0.0.1', '::1'] } });
    const from = async (address: string) => (await fetch(`${vitrine.base}/metrics`, { headers: { 'x-forwarded-for': address } })).status;
    expect([await from('192.0.2.9'), await from('198.51.100.1'), await from('192.0.2.9, 198.51.100.1'), await from('nonsense')]).toEqual([
      200, 404, 404, 404,
    ]);
  });

  it('wants both where both are named', async () => {
    vitrine = await startTestVitrine({ options: { metricsToken: TOKEN, metricsNetworks: ['192.0.2.0/24'] } });
    expect((await fetch(`${vitrine.base}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(404);
  });

  it('counts requests, decisions, renders and sessions', async () => {
    vitrine = await startTestVitrine({ options: { metricsToken: TOKEN } });
    const ask = async (path: string) => (await fetch(vitrine.base + path)).arrayBuffer();
    const before = await figures(vitrine.base);
    for (let n = 0; n < 3; n += 1) await ask(TILE);
    await ask(LOCKED);
    await ask('/iiif/3/open%2Fphoto.jpg/full/99,/0/default.png');
    await ask('/no-such-address');
    const after = await figures(vitrine.base);
    const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
    expect(grown('vitrine_requests_total{route="/iiif/3/*rest",status="200"}')).toBe(4);
    expect(grown('vitrine_requests_total{route="/iiif/3/*rest",status="401"}')).toBe(1);
    expect(grown('vitrine_requests_total{route="none",status="404"}')).toBe(1);
    expect(grown('vitrine_requests_at_once_total')).toBeGreaterThan(0);
    expect(grown('vitrine_decisions_total{outcome="allowed",reason="everyone"}')).toBe(4);
    expect(grown('vitrine_decisions_total{outcome="access-needed",reason="nobody-yet"}')).toBe(1);
    expect(grown('vitrine_render_seconds_count{lane="small"}')).toBe(1);
    expect(grown('vitrine_render_seconds_bucket{lane="small",le="+Inf"}')).toBe(1);
    expect(grown('vitrine_response_bytes_total')).toBeGreaterThan(1000);
    expect(grown('vitrine_cache_misses_total{place="disk"}')).toBeGreaterThan(0);
    expect(after.get('vitrine_sessions{account="yes"}')).toBe(0);
    expect(after.get('vitrine_ready{check="database"}')).toBe(1);
    expect([...after.keys()]).toContain('process_cpu_seconds_total');
  });
});

describe('/metrics of several workers', () => {
  let vitrine: TestWorkers;
  beforeAll(async () => {
    vitrine = await startTestWorkers({ args: ['--metrics-token', TOKEN] });
  });
  afterAll(() => vitrine.close());

  it('has the sum of all, whichever answers, and no count falls where a worker ends', async () => {
    const [one, two] = [await vitrine.fetchBy(1), await vitrine.fetchBy(2)];
    const name = 'vitrine_requests_total{route="/iiif/3/*rest",status="200"}';
    for (const ask of [one, one, two]) await (await ask(vitrine.base + TILE)).arrayBuffer();
    expect((await figures(vitrine.base, one)).get(name)).toBe(3);
    expect((await figures(vitrine.base, two)).get(name)).toBe(3);
    const [victim = 0] = (await readFile(`/proc/${vitrine.pid}/task/${vitrine.pid}/children`, 'utf8')).split(' ').map(Number);
    process.kill(victim, 'SIGKILL');
    await expect.poll(() => vitrine.output(), { timeout: 10_000 }).toContain('a worker has ended');
    await expect.poll(async () => (await figures(vitrine.base)).get(name), { timeout: 10_000 }).toBe(3);
    for (const worker of [1, 2]) await (await (await vitrine.fetchBy(worker))(vitrine.base + TILE)).arrayBuffer();
    expect((await figures(vitrine.base)).get(name)).toBe(5);
  });
});

describe('a gateway', () => {
  it('counts what its image server answers, and is not ready while that takes no connection', async () => {
    const upstream = await startTestUpstream();
    const gateway = await startTestGateway(`${upstream.base}/iiif/3`, { options: { metricsToken: TOKEN } });
    try {
      await (await fetch(`${gateway.base}/iiif/3/open%2Fphoto.jpg/full/100,/0/default.jpg`)).arrayBuffer();
      await fetch(`${gateway.base}/iiif/3/open%2Fnothing.jpg/info.json`);
      const seen = await figures(gateway.base);
      expect(seen.get('vitrine_upstream_answers_total{upstream="",outcome="200"}')).toBeGreaterThan(0);
      expect(seen.get('vitrine_upstream_answers_total{upstream="",outcome="404"}')).toBe(1);
      expect(seen.get('vitrine_ready{check="source"}')).toBe(1);
      await upstream.stop();
      await expect.poll(async () => (await fetch(`${gateway.base}/readyz`)).status, { timeout: 10_000, interval: 200 }).toBe(503);
    } finally {
      await gateway.close();
      await upstream.close();
    }
  });
});

describe('/readyz', () => {
  let vitrine: TestVitrine;
  beforeAll(async () => {
    vitrine = await startTestVitrine();
  });
  afterAll(() => vitrine.close());

  it('says that all is there, and nothing else', async () => {
    const answer = await fetch(`${vitrine.base}/readyz`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toEqual({ status: 'ok', checks: { database: 'ok', source: 'ok', cache: 'ok', clock: 'ok' } });
  });

  it('is 503 while the images are not there; the log says why, the answer does not', async () => {
    await rename(vitrine.images, `${vitrine.images}-away`);
    await expect.poll(async () => (await fetch(`${vitrine.base}/readyz`)).status, { timeout: 10_000, interval: 200 }).toBe(503);
    const text = await (await fetch(`${vitrine.base}/readyz`)).text();
    expect(JSON.parse(text)).toMatchObject({ status: 'failed', checks: { source: 'failed', database: 'ok' } });
    expect(text).not.toContain(vitrine.images);
    expect(vitrine.log.filter(({ msg }) => msg === 'not ready')).toEqual([
      expect.objectContaining({ check: 'source', reason: expect.stringContaining(vitrine.images) }),
    ]);
    await rename(`${vitrine.images}-away`, vitrine.images);
    await expect.poll(async () => (await fetch(`${vitrine.base}/readyz`)).status, { timeout: 10_000, interval: 200 }).toBe(200);
    expect(vitrine.log.filter(({ msg }) => msg === 'ready again')).toHaveLength(1);
  });

  it('notices a clock that has gone back behind what the database holds', async () => {
    const database = new SqliteDatabase(join(vitrine.data, 'vitrine.db'));
    const inAnHour = Date.now() + 3_600_000;
    database.prepare('update migrations set applied_at = ? where number = 1').run(inAnHour);
    await expect
      .poll(async () => (await (await fetch(`${vitrine.base}/readyz`)).json()).checks.clock, { timeout: 10_000, interval: 200 })
      .toBe('failed');
    database.prepare('update migrations set applied_at = 0 where number = 1').run();
    database.close();
  });

  it('notices a certificate that has ended, a database and a place of images that fail or do not answer', async () => {
    const reasons: unknown[] = [];
    const look = createReadiness({
      data: vitrine.data,
      database: { pulse: () => Promise.reject(new Error('database is locked')) },
      findSourceFault: () => new Promise(() => {}),
      daysLeft: () => -0.5,
      log: { info: () => {}, warn: (fields) => void reasons.push(fields) },
    });
    expect(await look()).toEqual({ database: false, source: false, cache: true, clock: true, certificate: false });
    expect(reasons).toEqual([
      { check: 'database', reason: 'database is locked' },
      { check: 'source', reason: 'no answer in 5 seconds' },
      { check: 'certificate', reason: 'it has ended' },
    ]);
  }, 15_000);
});
