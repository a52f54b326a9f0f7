import { describe, expect, it } from 'vitest';
import { fakePeople, VIEWER } from '../../../test/fakes/access.ts';
import { FakeBrowser, OWN_ORIGIN, readMessage } from '../../../test/fakes/browser.ts';
import { createAccess } from '../access/access-handlers.ts';

const IN_FRAME = { 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'cross-site', origin: VIEWER };
const QUERY = { messageId: 'm1', origin: VIEWER };

function start() {
  const people = fakePeople();
  const { handlers } = createAccess({ ...people, signingKey: 'a key of this server', cookiePath: '/', slashSubstitute: null });
  const browser = new FakeBrowser();
  const token = (headers: Record<string, string>, version: 1 | 2 = 2) => {
    const handler = version === 1 ? handlers.tokenService1 : handlers.tokenService2;
    return browser.get(handler, { params: { service: 'members' }, query: QUERY, headers });
  };
  const probe = (headers: Record<string, string>) =>
    browser.get(handlers.probeService, { params: { identifier: 'members%2Fletter.jpg' }, headers });
  return { browser, handlers, token, probe };
}

type Started = ReturnType<typeof start>;

async function signIn({ browser, handlers }: Started) {
  const ask = { params: { service: 'members' }, query: { origin: VIEWER } };
  await browser.get(handlers.accessService, ask);
  await browser.post(handlers.submitAccessService, { ...ask, form: { user: 'ada', password: 'lovelace' } });
}

function keepBack({ browser }: Started) {
  browser.jar.delete('vitrine-access');
  browser.jar.delete('vitrine-session');
}

describe('the partitioned cookie', () => {
  it.each([1, 2] as const)('is set by the token page of version %s in a frame of another site, once', async (version) => {
    const started = start();
    await signIn(started);
    const before = started.browser.setCookies.length;
    await started.token(IN_FRAME, version);
    expect(started.browser.setCookies.slice(before)).toEqual([
      expect.stringMatching(/^vitrine-access-p=ses_[^;]+; Path=\/; Max-Age=43200; HttpOnly; Secure; SameSite=None; Partitioned$/),
    ]);
    await started.token(IN_FRAME, version);
    expect(started.browser.setCookies).toHaveLength(before + 1);
  });

  it('is not set in a frame of our own site, in a window, or with an error', async () => {
    const started = start();
    await started.token(IN_FRAME);
    await signIn(started);
    await started.token({ 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'same-site' });
    await started.token({ 'sec-fetch-dest': 'document', 'sec-fetch-site': 'cross-site' });
    await started.token({});
    expect([...started.browser.jar.keys()]).not.toContain('vitrine-access-p');
  });

  it('gets tokens where the ordinary cookie is kept back', async () => {
    const started = start();
    await signIn(started);
    await started.token(IN_FRAME);
    keepBack(started);
    const reply = await started.token({ ...IN_FRAME, 'sec-fetch-storage-access': 'none' });
    expect(readMessage(reply).message).toMatchObject({ type: 'AuthAccessToken2' });
  });
});

describe('a browser that keeps our cookie back', () => {
  it.each([1, 2] as const)('but may be asked for it, is asked by the token service of version %s', async (version) => {
    const reply = await start().token({ ...IN_FRAME, 'sec-fetch-storage-access': 'inactive' }, version);
    expect(reply.headers['activate-storage-access']).toBe(`retry; allowed-origin="${VIEWER}"`);
    expect(reply.headers['vary']).toContain('Sec-Fetch-Storage-Access');
  });

  it('but may be asked for it, is asked by the probe service', async () => {
    const reply = await start().probe({ origin: VIEWER, 'sec-fetch-storage-access': 'inactive' });
    expect(reply.headers['activate-storage-access']).toBe(`retry; allowed-origin="${VIEWER}"`);
    expect(reply.headers['vary']).toContain('Sec-Fetch-Storage-Access');
  });

  it.each<[string, Record<string, string>]>([
    ['it cannot help', { ...IN_FRAME, 'sec-fetch-storage-access': 'none' }],
    ['it has been, and it did not help', { ...IN_FRAME, 'sec-fetch-storage-access': 'active' }],
    ['it does not speak of it', IN_FRAME],
    ['it does not say for whom', { ...IN_FRAME, origin: 'null', 'sec-fetch-storage-access': 'inactive' }],
    ['the origin is none', { ...IN_FRAME, origin: 'https://a.example", *', 'sec-fetch-storage-access': 'inactive' }],
  ])('is not asked where %s', async (_when, headers) => {
    const started = start();
    expect((await started.token(headers)).headers).not.toHaveProperty('activate-storage-access');
    expect((await started.probe(headers)).headers).not.toHaveProperty('activate-storage-access');
  });

  it('is not asked by an answer that needs no cookie', async () => {
    const started = start();
    await signIn(started);
    const headers = { ...IN_FRAME, 'sec-fetch-storage-access': 'inactive' };
    expect((await started.token(headers)).headers).not.toHaveProperty('activate-storage-access');
    expect((await started.probe(headers)).headers).not.toHaveProperty('activate-storage-access');
  });

  it.each(['none', 'inactive'])('(%s) is named as the reason in the reader’s language, with where the pictures open', async (said) => {
    const headers = { ...IN_FRAME, 'sec-fetch-storage-access': said, 'accept-language': 'de' };
    const { message: message2 } = readMessage(await start().token(headers, 2));
    expect(message2).toMatchObject({
      profile: 'missingAspect',
      heading: {
        en: [expect.stringContaining('browser')],
        de: [expect.stringContaining('Ihr Browser hält unser Cookie')],
        fr: [expect.any(String)],
      },
      note: { de: [expect.stringContaining(`${OWN_ORIGIN}/browser-check`)] },
    });
    const { message: message1 } = readMessage(await start().token(headers, 1));
    expect(message1).toMatchObject({
      error: 'missingCredentials',
      description: expect.stringMatching(/Ihr Browser hält.*Website geht es: https:/),
    });
  });

  it('is named as the reason by a probe, with the item in the viewer served here', async () => {
    const { body } = await start().probe({ origin: VIEWER, 'sec-fetch-storage-access': 'none' });
    const { note } = JSON.parse(String(body)) as { note: { en: string[] } };
    expect(note.en[0]).toContain(`${OWN_ORIGIN}/view/openseadragon/members%2Fletter.jpg `);
  });

  it('is not blamed where it says nothing, or where the cookie did come', async () => {
    const silent = readMessage(await start().token(IN_FRAME)).message;
    expect(JSON.stringify(silent)).not.toContain('/browser-check');
    const started = start();
    await signIn(started);
    started.browser.jar.set('vitrine-access', `ses_${'x'.repeat(22)}.${'y'.repeat(43)}`);
    const stale = readMessage(await started.token({ ...IN_FRAME, 'sec-fetch-storage-access': 'active' })).message;
    expect(stale).toMatchObject({ profile: 'invalidAspect' });
    expect(JSON.stringify(stale)).not.toContain('/browser-check');
  });
});
