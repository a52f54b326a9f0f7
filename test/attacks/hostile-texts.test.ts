import { describe, expect, it } from 'vitest';
import { createAccess } from '../../src/http/access/access-handlers.ts';
import { fakePeople, VIEWER } from '../fakes/access.ts';
import { FakeBrowser, readMessage } from '../fakes/browser.ts';
import { readList } from './read-list.ts';

const HOSTILE = readList('hostile-message-ids.txt');

function start() {
  const { handlers } = createAccess({ ...fakePeople(), signingKey: 'key', cookiePath: '/', slashSubstitute: null, wait: async () => {} });
  return { handlers, browser: new FakeBrowser() };
}

/** Every tag of a page, without its text. */
function tagsOf(html: unknown): string {
  return (String(html).match(/<[^>]*>/g) ?? []).join('');
}

/** Tags without the values of attributes: what a browser would build. */
function shapeOf(html: unknown): string {
  return tagsOf(html).replace(/="[^"]*"/g, '=""');
}

describe.each(['tokenService1', 'tokenService2'] as const)('a hostile message id at %s', (name) => {
  it.each(HOSTILE)('comes back as it was, and changes nothing else: %j', async (messageId) => {
    const { browser, handlers } = start();
    const ask = (id: string) => browser.get(handlers[name], { params: { service: 'members' }, query: { messageId: id, origin: VIEWER } });
    const [plain, hostile] = [await ask('m1'), await ask(messageId)];
    expect(readMessage(hostile)).toMatchObject({ targetOrigin: VIEWER, message: { messageId } });
    expect(tagsOf(hostile.body)).toBe(tagsOf(plain.body));
    expect(hostile.headers).toEqual(plain.headers);
  });
});

describe('a hostile origin', () => {
  it.each(HOSTILE)('is posted nothing, and is not in the page: %j', async (origin) => {
    const { browser, handlers } = start();
    const params = { service: 'members' };
    const plain = await browser.get(handlers.tokenService2, { params, query: { messageId: 'm1', origin: 'none' } });
    const reply = await browser.get(handlers.tokenService2, { params, query: { messageId: 'm1', origin } });
    expect(readMessage(reply).targetOrigin).toBeNull();
    expect(reply.body).toBe(plain.body);
    const shown = await browser.get(handlers.accessService, { params, query: { origin } });
    expect(shown.status).toBe(400);
    expect(shown.body).toBe((await browser.get(handlers.accessService, { params, query: { origin: 'none' } })).body);
  });
});

describe('a hostile user name', () => {
  it.each(HOSTILE)('is shown as text: %j', async (user) => {
    const { browser, handlers } = start();
    const params = { service: 'members' };
    const attempt = async (name: string) => {
      await browser.get(handlers.accessService, { params });
      return browser.post(handlers.submitAccessService, { params, form: { user: name, password: 'wrong' } });
    };
    const [plain, hostile] = [await attempt('nobody'), await attempt(user)];
    expect(hostile.status).toBe(401);
    expect(shapeOf(hostile.body)).toBe(shapeOf(plain.body));
  });
});
