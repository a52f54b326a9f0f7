import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

type Kind = 'nobody' | 'reader' | 'curator' | 'agreed' | 'ended';

/** One row: who asks for what, and what must come and what must not. */
interface Scenario {
  readonly ask: string;
  readonly as: Kind;
  readonly method?: 'GET' | 'HEAD' | 'OPTIONS' | 'POST' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  /** Parts of headers that must be there; null: the header must not be. */
  readonly expect?: Readonly<Record<string, string | null>>;
  /** Parts of the body that must be there. */
  readonly body?: readonly string[];
  /** Parts of the body that must not. */
  readonly never?: readonly string[];
}

const IMAGE = '/full/max/0/default.jpg';
const OPEN = 'open%2Fphoto.jpg';
const LOCKED = 'members%2Fletter.jpg';
const CURATED = 'curators%2Fdiary.jpg';
const TERMS = 'terms%2Fmap.jpg';
const UNLISTED = 'nowhere%2Funlisted.jpg';
const EVERYONE: readonly Kind[] = ['nobody', 'reader', 'curator', 'agreed', 'ended'];

const CORS = { 'access-control-allow-origin': '*' };
const PROBLEM = { ...CORS, 'content-type': 'application/problem+json', 'cache-control': 'no-store' };

/** Who may see what: content, and both information documents, for every kind of visitor. */
const OPENED: Readonly<Record<string, readonly Kind[]>> = {
  [OPEN]: EVERYONE,
  [LOCKED]: ['reader', 'curator'],
  [CURATED]: ['curator'],
  [TERMS]: ['agreed'],
  [UNLISTED]: [],
};

const ACCESS: readonly Scenario[] = Object.entries(OPENED).flatMap(([identifier, allowed]) =>
  EVERYONE.flatMap((as): readonly Scenario[] => {
    const ok = allowed.includes(as);
    const refused = identifier === UNLISTED ? 403 : 401;
    const cache = identifier === OPEN ? 'public' : 'private, no-cache';
    return [2, 3].flatMap((version): readonly Scenario[] => [
      {
        ask: `/iiif/${version}/${identifier}${version === 2 ? '/full/full/0/default.jpg' : IMAGE}`,
        as,
        status: ok ? 200 : refused,
        expect: ok ? { ...CORS, 'content-type': 'image/jpeg', 'cache-control': cache, etag: '"' } : PROBLEM,
        never: ok ? [] : ['/images/', 'node_modules', 'Error'],
      },
      {
        ask: `/iiif/${version}/${identifier}/info.json`,
        as,
        status: ok ? 200 : refused,
        expect: ok ? { ...CORS, 'cache-control': cache } : { ...CORS, 'cache-control': 'no-store', etag: null },
        body: identifier === UNLISTED ? ['access.refused'] : ['"width": 800', '"height": 600'],
        never: identifier === UNLISTED ? ['800', '600'] : [],
      },
    ]);
  }),
);

const PROTOCOL: readonly Scenario[] = [
  { ask: `/iiif/3/${OPEN}`, as: 'nobody', status: 303, expect: { ...CORS, location: `/iiif/3/${OPEN}/info.json` } },
  { ask: `/iiif/2/${OPEN}`, as: 'nobody', status: 303, expect: { ...CORS, location: `/iiif/2/${OPEN}/info.json` } },
  { ask: `/iiif/3/${LOCKED}`, as: 'nobody', status: 303, expect: CORS },
  {
    ask: `/iiif/3/${OPEN}${IMAGE}`,
    as: 'nobody',
    method: 'HEAD',
    status: 200,
    expect: { ...CORS, 'content-type': 'image/jpeg', 'content-length': '' },
  },
  { ask: `/iiif/3/${LOCKED}${IMAGE}`, as: 'nobody', method: 'HEAD', status: 401, expect: CORS },
  { ask: `/iiif/3/${LOCKED}/info.json`, as: 'nobody', method: 'HEAD', status: 401, expect: CORS },
  { ask: `/iiif/3/${OPEN}/info.json`, as: 'nobody', method: 'POST', status: 405, expect: { ...CORS, allow: 'GET, HEAD, OPTIONS' } },
  { ask: `/iiif/3/${OPEN}/info.json`, as: 'nobody', method: 'DELETE', status: 405, expect: CORS },
  {
    ask: `/iiif/3/${LOCKED}/info.json`,
    as: 'nobody',
    method: 'OPTIONS',
    headers: { origin: VIEWER, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' },
    status: 204,
    expect: {
      'access-control-allow-origin': VIEWER,
      'access-control-allow-headers': 'Authorization',
      'access-control-allow-credentials': 'true',
    },
  },
  { ask: `/iiif/3/${OPEN}${IMAGE}`, as: 'nobody', status: 200, expect: { link: 'rel="canonical"' } },
  { ask: `/iiif/3/${OPEN}${IMAGE}`, as: 'nobody', status: 200, expect: { link: 'rel="profile"', 'x-content-type-options': 'nosniff' } },
  {
    ask: `/iiif/3/${OPEN}/info.json`,
    as: 'nobody',
    headers: { accept: 'application/ld+json' },
    status: 200,
    expect: { 'content-type': 'application/ld+json', vary: 'Accept' },
  },
  { ask: `/iiif/3/nothing.jpg/info.json`, as: 'nobody', status: 404, expect: PROBLEM, body: ['not-found'] },
  { ask: `/iiif/3/nothing.jpg${IMAGE}`, as: 'nobody', status: 404, expect: PROBLEM },
  // IIIF's own validator sends the first, and wants 404.
  { ask: '/iiif/2/a/b/full/full/0/default.jpg', as: 'nobody', status: 404, expect: PROBLEM, body: ['not-found', '%2F'] },
  { ask: `/iiif/3/open/photo.jpg${IMAGE}`, as: 'nobody', status: 404, expect: PROBLEM, body: ['not-found', '%2F'] },
  { ask: '/iiif/3/open/photo.jpg/info.json', as: 'nobody', status: 404, expect: PROBLEM, body: ['not-found', '%2F'] },
  { ask: `/iiif/3/${OPEN}/full/max/0`, as: 'nobody', status: 404, expect: PROBLEM },
  { ask: `/iiif/3/${OPEN}/full/max/0/default.xyz`, as: 'nobody', status: 400, expect: PROBLEM, body: ['image.format'] },
  { ask: `/iiif/3/${LOCKED}/full/max/0/default.xyz`, as: 'nobody', status: 400, expect: PROBLEM },
  { ask: `/iiif/3/${OPEN}/900,0,10,10/max/0/default.jpg`, as: 'nobody', status: 400, expect: PROBLEM, body: ['image.region'] },
  {
    ask: '/iiif/3/open%2Fbroken.jpg/full/max/0/default.jpg',
    as: 'nobody',
    status: 500,
    expect: PROBLEM,
    body: ['source.broken'],
    never: ['vitrine-test', '/tmp'],
  },
  { ask: '/iiif/3/open%2Flying.png/info.json', as: 'nobody', status: 501, expect: PROBLEM, never: ['vitrine-test', '/tmp'] },
  {
    ask: '/iiif/3/open%2Fwith%20space%20%26%20%C3%BCmlaut.jpg/info.json',
    as: 'nobody',
    status: 200,
    body: ['open%2Fwith%20space%20%26%20%C3%BCmlaut.jpg'],
  },
  { ask: '/livez', as: 'nobody', status: 200, body: ['ok'] },
  { ask: '/nowhere', as: 'nobody', status: 404 },
  { ask: '/', as: 'nobody', status: 200, expect: { 'content-type': 'text/html', 'content-security-policy': "default-src 'none'" } },
  { ask: '/', as: 'reader', status: 200, body: ['reader'] },
  { ask: `/presentation/3/${OPEN}/manifest`, as: 'nobody', status: 200, expect: CORS, body: ['"type": "Manifest"'] },
  { ask: `/presentation/2/${OPEN}/manifest`, as: 'nobody', status: 200, expect: CORS, body: ['sc:Manifest'] },
  { ask: `/presentation/3/${UNLISTED}/manifest`, as: 'nobody', status: 403, expect: CORS },
  { ask: `/auth/probe/${OPEN}`, as: 'nobody', status: 200, expect: CORS, body: ['AuthProbeResult2', '"status": 200'] },
  { ask: `/auth/probe/${LOCKED}`, as: 'nobody', status: 200, expect: CORS, body: ['"status": 401', 'heading'] },
  { ask: `/auth/probe/${LOCKED}`, as: 'reader', status: 200, expect: CORS, body: ['"status": 200'] },
  { ask: `/auth/probe/${UNLISTED}`, as: 'nobody', status: 200, expect: CORS, body: ['"status": 403'] },
  { ask: '/auth/probe/nothing.jpg', as: 'nobody', status: 200, expect: CORS, body: ['"status": 404'] },
  { ask: `/auth/probe/${LOCKED}`, as: 'nobody', headers: { authorization: 'Bearer undefined' }, status: 200, body: ['"status": 401'] },
  { ask: `/iiif/2/${LOCKED}/info.json`, as: 'nobody', headers: { authorization: 'Bearer undefined' }, status: 401, body: ['"width": 800'] },
  { ask: '/auth/access/members', as: 'nobody', status: 200, expect: { 'cross-origin-opener-policy': null }, body: ['password'] },
  { ask: '/auth/access/1/members', as: 'nobody', status: 200, expect: { 'cross-origin-opener-policy': null }, body: ['password'] },
  { ask: '/auth/access/unknown', as: 'nobody', status: 404, expect: { 'content-type': 'text/html' } },
  { ask: '/auth/access/members?origin=javascript:alert(1)', as: 'nobody', status: 400, never: ['javascript:alert'] },
  { ask: '/auth/logout/members', as: 'nobody', status: 200, expect: { 'cross-origin-opener-policy': null } },
  { ask: '/auth/logout/1/members', as: 'nobody', status: 200, expect: { 'cross-origin-opener-policy': null } },
];

let vitrine: TestVitrine;
const visitors = new Map<Kind, TestVisitor>();

beforeAll(async () => {
  vitrine = await startTestVitrine();
  for (const kind of EVERYONE) visitors.set(kind, new TestVisitor(vitrine));
  expect((await visitors.get('reader')?.signIn('reader'))?.status).toBeLessThan(400);
  expect((await visitors.get('curator')?.signIn('curator'))?.status).toBeLessThan(400);
  expect((await visitors.get('agreed')?.agree())?.status).toBeLessThan(400);
  const ended = visitors.get('ended');
  await ended?.signIn('reader');
  const cookies = new Map(ended?.cookies);
  await ended?.ask('/auth/logout/members');
  for (const [name, value] of cookies) ended?.cookies.set(name, value);
});
afterAll(() => vitrine.close());

describe.each([
  ['who may see what', ACCESS],
  ['the protocol', PROTOCOL],
])('%s', (_name, scenarios) => {
  it.each(scenarios.map((scenario) => [`${scenario.method ?? 'GET'} ${scenario.ask} as ${scenario.as}`, scenario] as const))(
    '%s',
    async (_title, scenario) => {
      const visitor = visitors.get(scenario.as);
      if (visitor === undefined) throw new Error(`no visitor ${scenario.as}`);
      // A copy of the cookies, so that no scenario changes what another one meets.
      const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const response = await fetch(`${vitrine.base}${scenario.ask}`, {
        redirect: 'manual',
        method: scenario.method ?? 'GET',
        headers: { ...(cookie === '' ? {} : { cookie }), ...scenario.headers },
      });
      const body = await response.text();
      expect({ status: response.status, body: body.slice(0, 300) }).toMatchObject({ status: scenario.status });
      for (const [name, part] of Object.entries(scenario.expect ?? {})) {
        if (part === null) expect(response.headers.get(name), name).toBeNull();
        else expect(response.headers.get(name), name).toContain(part);
      }
      for (const part of scenario.body ?? []) expect(body).toContain(part);
      for (const part of scenario.never ?? []) expect(body).not.toContain(part);
    },
  );
});
