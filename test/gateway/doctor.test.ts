import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandomness } from '../../src/adapters/system/randomness.ts';
import { createSigner } from '../../src/adapters/system/signer.ts';
import { gatewayFacts } from '../../src/cli/gateway-config/gateway-facts.ts';
import { writeConfiguration } from '../../src/cli/gateway-config/write-configuration.ts';
import { diagnose, type Examined } from '../../src/cli/gateway-doctor/diagnose.ts';
import { runGatewayDoctor } from '../../src/cli/gateway-doctor/run-gateway-doctor.ts';
import { startTestGateway, type TestGateway } from '../harness/gateway.ts';
import { startTestImageServer, type TestImageServer } from '../harness/image-server.ts';
import { startNginx } from '../harness/nginx.ts';
import { freePort } from '../harness/process.ts';
import { findRealPart, NGINX } from '../setup/real-parts.ts';

describe.skipIf(findRealPart(NGINX) === null)('vitrine gateway doctor, with real nginx', () => {
  let imageServer: TestImageServer;
  let gateway: TestGateway;
  let untrusting: TestGateway;
  let configuration: string;
  let base: string;
  let key: string;

  const start = async (trustedProxies: readonly string[]) =>
    startTestGateway(
      { url: `http://127.0.0.1:${imageServer.port}/iiif/3/`, version: 3 },
      { options: { port: await freePort(), publicUrl: base, trustedProxies } },
    );

  beforeAll(async () => {
    base = `http://localhost:${await freePort()}`;
    imageServer = await startTestImageServer('/iiif/3/', 3, '%2F');
    gateway = await start(['127.0.0.1']);
    untrusting = await start([]);
    configuration = writeConfiguration('nginx', gatewayFacts(gateway.options, 'cantaloupe', ''));
    key = (await readFile(join(gateway.data, 'secret.key'), 'utf8')).trim();
  });
  afterAll(async () => {
    await Promise.all([gateway.close(), untrusting.close()]);
    await imageServer.stop();
  });

  const examined = (changes: Partial<Examined> = {}): Examined => ({
    publicUrl: new URL(base),
    gateway: new URL(`http://127.0.0.1:${gateway.options.port}`),
    services: [{ path: '/iiif/3/', upstream: new URL(`http://127.0.0.1:${imageServer.port}/iiif/3/`) }],
    trustedProxies: ['127.0.0.1'],
    locked: null,
    socket: null,
    outsideAddresses: [],
    signer: createSigner(key),
    randomness: createRandomness(),
    now: () => new Date(),
    ...changes,
  });

  /** The faults that are found with nginx as it is printed, but for these words. */
  async function faultsWith(
    changes: ReadonlyArray<readonly [string, string]>,
    looking: Partial<Examined> = {},
  ): Promise<readonly string[]> {
    let changed = configuration;
    for (const [words, others] of changes) {
      expect(changed).toContain(words);
      changed = changed.replaceAll(words, others);
    }
    const nginx = await startNginx(changed, base);
    try {
      return (await diagnose(examined(looking))).filter(({ level }) => level === 'fault').map(({ text }) => text);
    } finally {
      await nginx.stop();
    }
  }

  it('finds nothing wrong with the configuration that is printed', async () => {
    const nginx = await startNginx(configuration, base);
    const findings = await diagnose(examined());
    await nginx.stop();
    expect(findings.filter(({ level }) => level !== 'well')).toEqual([]);
    expect(findings.map(({ text }) => text)).toEqual([
      `${base}/ leads to this gateway.`,
      'The proxy at 127.0.0.1 says where visitors come from, and only it is believed.',
      'Cookies arrive in both directions.',
      'No cache on the way answers for everybody.',
      'Addresses below /iiif/3/ arrive as they were sent, and are answered as viewers need it.',
      'No way around the gateway was found.',
    ]);
  });

  it('is a command that says each in a line, and ends with 1 where something is wrong', async () => {
    const lines: string[] = [];
    const nginx = await startNginx(configuration, base);
    expect(await runGatewayDoctor(gateway.options, 'members/pyramid.tif', (line) => lines.push(line))).toBe(0);
    await nginx.stop();
    expect(lines).toContain('well  /iiif/3/members%2Fpyramid.tif/full/100,/0/default.jpg is answered 401 to everybody.');
    expect(await runGatewayDoctor(gateway.options, null, (line) => lines.push(line))).toBe(1);
    expect(lines.at(-1)).toMatch(/^FAULT http:\/\/localhost:\d+\/ does not lead to this gateway/);
  });

  it('says where there is no gateway, where another one, and where the public address leads elsewhere', async () => {
    const [nowhere] = await diagnose(examined({ gateway: new URL(`http://127.0.0.1:${await freePort()}`) }));
    expect(nowhere?.text).toMatch(/^No gateway answers at/);
    const [other] = await diagnose(examined({ signer: createSigner('the secret of another data folder') }));
    expect(other?.text).toMatch(/one with another data folder \(status 404\)/);
    const [elsewhere] = await diagnose(examined({ publicUrl: new URL(`http://127.0.0.1:${imageServer.port}`) }));
    expect(elsewhere?.text).toMatch(/does not lead to this gateway \(status 404\)/);
  });

  it.each<[string, ReadonlyArray<readonly [string, string]>, RegExp]>([
    [
      'images that nobody asks about',
      [
        ['    auth_request /.vitrine-auth-request;\n', ''],
        ['    error_page 400 401 403 404 500 501 502 = @vitrine;\n', ''],
        ['proxy_pass http://image_server$vitrine_image;', 'proxy_pass http://image_server;'],
      ],
      /Images below \/iiif\/3\/ are answered without asking the gateway \(status 404\)/,
    ],
    [
      'an address that is decoded on the way to the gateway',
      [['proxy_pass http://vitrine;', 'proxy_pass http://vitrine$uri;']],
      /Addresses below \/iiif\/3\/ do not arrive as they were sent/,
    ],
    [
      'an address that is decoded in the question',
      [['X-Original-URI $request_uri', 'X-Original-URI $uri']],
      /When the proxy asks about images below \/iiif\/3\/, it does not say the address as it was sent/,
    ],
    ['a method that is not told', [['    proxy_set_header X-Original-Method $request_method;\n', '']], /it does not say the method/],
    [
      'what visitors write into X-Forwarded-For',
      [['X-Forwarded-For $remote_addr', 'X-Forwarded-For $http_x_forwarded_for']],
      /passes on what visitors write into X-Forwarded-For/,
    ],
    [
      'cookies of visitors that are lost',
      [['proxy_set_header Host $http_host;', 'proxy_set_header Host $http_host; proxy_set_header Cookie "";']],
      /Cookies of visitors do not reach the gateway/,
    ],
    [
      'cookies of the gateway that are lost',
      [['merge_slashes off;', 'merge_slashes off; proxy_hide_header Set-Cookie;']],
      /Cookies that the gateway sets do not reach visitors/,
    ],
    [
      'CORS headers that are there twice',
      [['merge_slashes off;', 'merge_slashes off; add_header Access-Control-Allow-Origin "*" always;']],
      /Access-Control-Allow-Origin is there twice/,
    ],
    [
      'a cache that answers for everybody',
      [
        ['upstream vitrine {', 'proxy_cache_path cache keys_zone=all:1m;\nupstream vitrine {'],
        [
          'merge_slashes off;',
          'merge_slashes off; proxy_cache all; proxy_cache_valid 200 1m; proxy_cache_key $request_uri; proxy_ignore_headers Cache-Control Set-Cookie Vary;',
        ],
      ],
      /A cache on the way gives to one visitor what another one was answered/,
    ],
    [
      'decisions that are kept for everybody',
      [
        ['upstream vitrine {', 'proxy_cache_path cache keys_zone=all:1m;\nupstream vitrine {'],
        [
          'proxy_pass_request_body off;',
          'proxy_pass_request_body off; proxy_cache all; proxy_cache_valid any 1m; proxy_cache_key $request_uri; proxy_ignore_headers Cache-Control Set-Cookie Vary;',
        ],
      ],
      /What was decided about one visitor is kept for the next one/,
    ],
    [
      'information documents of the image server',
      [['/info\\.json$ {\n    proxy_pass http://vitrine;', '/info\\.json$ {\n    proxy_pass http://image_server;']],
      /Information documents below \/iiif\/3\/ are not the gateway’s \(status 404\)/,
    ],
    [
      'preflights that nginx answers',
      [['merge_slashes off;', 'merge_slashes off; if ($request_method = OPTIONS) { return 200; }']],
      /Preflights \(OPTIONS\) below \/iiif\/3\/ do not reach the gateway/,
    ],
    [
      'an old way to the image server',
      [['  location @vitrine {', '  location /fcgi-bin/ { return 200 "iipsrv"; }\n  location @vitrine {']],
      /\/fcgi-bin\/iipsrv\.fcgi\?IIIF= is answered by somebody else than the gateway/,
    ],
  ])('finds %s', async (_name, changes, expected) => {
    expect(await faultsWith(changes)).toContainEqual(expect.stringMatching(expected));
  });

  it('asks for a locked image as anybody could, where one is named', async () => {
    const locked = '/iiif/3/members%2Fpyramid.tif/';
    expect(await faultsWith([], { locked })).toEqual([]);
    const unasked = [
      ['    auth_request /.vitrine-auth-request;\n', ''],
      ['proxy_pass http://image_server$vitrine_image;', 'proxy_pass http://image_server;'],
    ] as const;
    expect(await faultsWith(unasked, { locked })).toContainEqual(
      expect.stringMatching(/members%2Fpyramid\.tif.* is given to everybody \(status 200\)/),
    );
  });

  it('finds nothing wrong where the gateway listens on a Unix socket', async () => {
    const socket = join(tmpdir(), `vitrine-doctor-${process.pid}.sock`);
    const upstream = { url: `http://127.0.0.1:${imageServer.port}/iiif/3/`, version: 3 };
    const there = await startTestGateway(upstream, { options: { socket, publicUrl: base, trustedProxies: ['unix'] } });
    const nginx = await startNginx(writeConfiguration('nginx', gatewayFacts(there.options, 'cantaloupe', '')), base);
    const lines: string[] = [];
    const code = await runGatewayDoctor(there.options, 'members/pyramid.tif', (line) => lines.push(line));
    await nginx.stop();
    await there.close();
    expect([code, lines.filter((line) => !line.startsWith('well'))]).toEqual([0, []]);
  });

  it('finds a proxy that is not believed', async () => {
    const other = writeConfiguration('nginx', gatewayFacts(untrusting.options, 'cantaloupe', ''));
    const nginx = await startNginx(other, base);
    const findings = await diagnose(
      examined({
        gateway: new URL(`http://127.0.0.1:${untrusting.options.port}`),
        signer: createSigner((await readFile(join(untrusting.data, 'secret.key'), 'utf8')).trim()),
        trustedProxies: [],
      }),
    );
    await nginx.stop();
    expect(findings).toContainEqual({
      level: 'fault',
      text: expect.stringMatching(/^The proxy at 127\.0\.0\.1 is not believed.*Add 127\.0\.0\.1 to trustedProxies/),
    });
  });

  it('finds proxies that are believed from everywhere', async () => {
    expect(await faultsWith([], { trustedProxies: ['127.0.0.1', '0.0.0.0/0'] })).toContainEqual(
      expect.stringMatching(/^trustedProxies holds 0\.0\.0\.0\/0/),
    );
  });

  it('finds an image server that others reach', async () => {
    const open = await startTestImageServer('/iiif/3/', 3, '%2F', '0.0.0.0');
    // Another address of the same machine stands for the one that others use.
    const services = [{ path: '/iiif/3/', upstream: new URL(`http://127.0.0.1:${open.port}/iiif/3/`) }];
    expect(await faultsWith([], { services, outsideAddresses: ['127.0.0.2'] })).toContainEqual(
      expect.stringMatching(/^The image server is reached around the gateway, at http:\/\/127\.0\.0\.2:/),
    );
    expect(await faultsWith([], { outsideAddresses: ['127.0.0.2'] })).toEqual([]);
    await open.stop();
  });

  it('is answered nobody else, and no longer than a minute', async () => {
    const forged = examined({ signer: createSigner('a guess') });
    const late = examined({ now: () => new Date(Date.now() - 120_000) });
    for (const nobody of [forged, late]) expect((await diagnose(nobody))[0]?.text).toMatch(/something else than this gateway/);
  });
});
