import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessModel, Policy, Tier } from '../../src/domain/access.ts';
import type { Item, StreamPart } from '../../src/domain/item.ts';
import { findMediaType, findStreamPartType } from '../../src/domain/media-types.ts';
import { createAccess } from '../../src/http/access/access-handlers.ts';
import { createProbeService1 } from '../../src/http/access/probe-service-1.ts';
import { createMedia, createStream } from '../../src/http/media/media.ts';
import type { Reply } from '../../src/http/server/exchange.ts';
import { fakePeople, VIEWER } from '../fakes/access.ts';
import type { FakeBrowser } from '../fakes/browser.ts';
import { PLAIN_TIER } from '../fakes/tier.ts';
import { browserAt, browserOf, NAMES, nameAt, randomPolicies, rules, SERVICES, tokensOf, visitors } from './random-access.ts';

const SOURCE = { file: '/private/file', bytes: 3, modified: new Date(0), version: '1' };
const PLAYLIST = 'a/s/main.m3u8';
const SEGMENT = 'a/s/1.m4s';
const PATHS = ['a/x.mp4', 'a/y.mp3', PLAYLIST, 'b/z.pdf', 'missing.mp4'];

/** Lesser versions of media are other items. */
const tiers: fc.Arbitrary<readonly Tier[]> = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom('low', 'mid'),
      for: fc.oneof(fc.constant('everyone' as const), rules),
      item: fc.constantFrom('small/{path}', 'missing/{path}'),
    }),
    { maxLength: 2, selector: ({ name }) => name },
  )
  .map((list) => list.map((tier) => ({ ...PLAIN_TIER, ...tier })));

const policies = randomPolicies(['a/**', 'a/x.mp4', 'a/s/*', SEGMENT, 'b/*', '**'], tiers);

async function find(identifier: string): Promise<Item | null> {
  const type = identifier.startsWith('missing') ? null : findMediaType(identifier);
  return type === null ? null : { identifier, path: identifier, page: 1, ...type, source: SOURCE };
}

async function findPart(path: string): Promise<StreamPart | null> {
  const folder = /^(?:small\/)?a\/s\//.exec(path)?.[0];
  const mediaType = findStreamPartType(path);
  const item = folder === undefined ? null : await find(`${folder}main.m3u8`);
  return item === null || mediaType === null ? null : { path, mediaType, source: SOURCE, item, otherPlaylists: [] };
}

async function* read() {
  yield new Uint8Array(3);
}

function start(given: readonly Policy[]) {
  const people = fakePeople();
  const access: AccessModel = { enforced: true, services: new Map(SERVICES.map((each) => [each.name, each])), policies: given };
  const parts = { ...people, access: () => access, slashSubstitute: null, items: { ...people.items, find }, streams: { findPart } };
  const { handlers, recognise } = createAccess({ ...parts, signingKey: 'key', cookiePath: '/', wait: async () => {} });
  const deps = {
    ...parts,
    recognise,
    files: { read },
    now: () => people.clock.now(),
    signedBase: () => null,
    imageFiles: false,
    lockedInformationStatus: 401 as const,
  };
  return { people, handlers, media: createMedia(deps), stream: createStream(deps), probe1: createProbeService1(deps) };
}

type Started = ReturnType<typeof start>;

interface Answers {
  /** Of the probe service of 2.0. */
  readonly probe: number;
  /** What the file itself answers to GET, to a range and to a question whether it changed: its status, or that of the probe where a lesser version is sent instead. */
  readonly file: readonly number[];
  readonly head: number;
  /** Of the probe service of 1.0, likewise. */
  readonly probe1: number;
  readonly hasLesser: boolean;
}

async function ask(
  { handlers, media, probe1 }: Started,
  browser: FakeBrowser,
  path: string,
  token: string | null = null,
): Promise<Answers> {
  const params = { identifier: encodeURIComponent(path) };
  const own = token === null ? {} : { authorization: `Bearer ${token}`, origin: VIEWER };
  const asked = (more: Readonly<Record<string, string>> = {}) => ({ params, headers: { ...own, ...more } });
  const probe = JSON.parse(String((await browser.get(handlers.probeService, asked())).body)) as { status: number; substitute?: object[] };
  const lesser = /\/~(?:low|mid)$/.test(path) ? null : /~(?:low|mid)/;
  /** A lesser version stands for a refusal; where the item is open, it is not the answer. */
  const refused = probe.status === 200 ? 302 : probe.status;
  const read = ({ status, headers }: Reply): number => {
    if (status === 302) return lesser?.test(String(headers['location'])) === true ? refused : 200;
    return status === 206 || status === 304 ? 200 : status;
  };
  const answer1 = await browser.get(probe1, asked());
  const isLesser1 = lesser?.test(String(answer1.body)) === true;
  return {
    probe: probe.status,
    file: [
      read(await browser.get(media, asked())),
      read(await browser.get(media, asked({ range: 'bytes=0-0' }))),
      read(await browser.get(media, asked({ 'if-none-match': '"1"' }))),
    ],
    head: read(await browser.head(media, asked())),
    probe1: isLesser1 ? refused : answer1.status,
    hasLesser: isLesser1,
  };
}

async function askStream({ stream }: Started, browser: FakeBrowser, path: string): Promise<number> {
  const { status } = await browser.get(stream, { params: { path }, headers: { range: 'bytes=0-0' } });
  return status === 206 ? 200 : status;
}

describe('films, sounds, documents and streams', () => {
  it('are answered as both probe services say, whatever the policies and whoever asks, whole, in parts and by HEAD', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        policies,
        visitors,
        fc.constantFrom(...PATHS),
        fc.constantFrom('', '', '/~low'),
        async (given, person, item, tier) => {
          const path = item + tier;
          const started = start(given);
          const browser = await browserOf(started.people, person, item);
          const byCookie = await ask(started, browser, path);
          const status = byCookie.probe;
          expect([...byCookie.file, byCookie.head, byCookie.probe1]).toEqual([status, status, status, status, status]);

          if (path === PLAYLIST) {
            const isNamed = given.some(({ items }) => items.includes(SEGMENT));
            const segment = await askStream(started, browser, SEGMENT);
            const playlist = await askStream(started, browser, PLAYLIST);
            expect(playlist === 302 ? status : playlist).toBe(status);
            // A policy about the segment itself closes it further, and opens nothing.
            if (segment === 200) expect(status).toBe(200);
            if (!isNamed) expect(segment).toBe(status);
            seen.add(`segment ${segment}`);
          }

          const stranger = browserAt(person.address, null);
          const withoutCookie = await ask(started, stranger, path);
          for (const name of NAMES) {
            for (const token of await tokensOf(started.handlers, browser, nameAt(name, item))) {
              if (token === null) continue;
              const { probe, head, probe1, file } = await ask(started, stranger, path, token);
              expect([head, probe1]).toEqual([probe, probe]);
              // A token promises nothing that the file then refuses, and opens no file by itself.
              if (probe === 200) expect(status).toBe(200);
              if (withoutCookie.file[0] !== 200) expect(file).not.toContain(200);
              seen.add(`token ${probe}`);
            }
          }
          seen.add(`${status}${byCookie.hasLesser ? ' lesser' : ''}`);
        },
      ),
      { numRuns: 600 },
    );
    expect([...seen]).toEqual(
      expect.arrayContaining([
        '200',
        '401',
        '403',
        '404',
        '401 lesser',
        '403 lesser',
        'segment 200',
        'segment 401',
        'segment 403',
        'token 200',
        'token 401',
      ]),
    );
  });
});
