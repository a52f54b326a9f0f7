import { TOTP } from 'otpauth';
import { beforeEach, describe, expect, it } from 'vitest';
import { fakePeople } from '../../../test/fakes/access.ts';
import { fakeAdmin } from '../../../test/fakes/admin.ts';
import { FakeBrowser } from '../../../test/fakes/browser.ts';
import { ADMINISTRATOR_ROLE } from '../../domain/administrator.ts';
import type { User } from '../../domain/session.ts';
import type { Reply } from '../server/exchange.ts';
import { type AdminHandlers, createAdmin } from './admin-handlers.ts';

const SIGN_IN = '/admin/sign-in?return=%2Fadmin%2Fyou';

let people: ReturnType<typeof fakePeople>;
let handlers: AdminHandlers;
let keeper: User;
let browser: FakeBrowser;

beforeEach(() => {
  people = fakePeople();
  keeper = people.stores.addUser('keeper', 'keys', [ADMINISTRATOR_ROLE]);
  handlers = createAdmin(fakeAdmin(people)).handlers;
  browser = new FakeBrowser();
});

async function givePassword(of: FakeBrowser): Promise<Reply> {
  await of.get(handlers.signIn);
  return of.post(handlers.submitSignIn, { query: { return: '/admin/you' }, form: { user: 'keeper', password: 'keys' } });
}

async function giveCode(of: FakeBrowser, code: string): Promise<Reply> {
  await of.get(handlers.secondFactorStep);
  return postCode(of, code);
}

/** Into the page that is open. */
function postCode(of: FakeBrowser, code: string): Promise<Reply> {
  return of.post(handlers.submitSecondFactorStep, { query: { return: '/admin/you' }, form: { code } });
}

function fieldOf(reply: Reply, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(String(reply.body))?.[1] ?? '';
}

/** What the app shows, so many steps from now. */
function codeOf(secret: string, steps = 0): string {
  return new TOTP({ secret }).generate({ timestamp: people.clock.now().getTime() + steps * 30_000 });
}

/** Signs in and adds an app; the codes are of the next step on. */
async function addApp(): Promise<{ readonly secret: string; readonly recoveryCodes: readonly string[] }> {
  await givePassword(browser);
  const shown = await browser.get(handlers.addApp);
  browser.formToken = tokenBefore(shown, 'name="sealed"');
  const secret = /<code class="key">([^<]+)</.exec(String(shown.body))?.[1]?.replaceAll(' ', '') ?? '';
  const reply = await browser.post(handlers.submitApp, { form: { sealed: fieldOf(shown, 'sealed'), code: codeOf(secret), name: 'phone' } });
  expect(reply.status).toBe(200);
  const recoveryCodes = [...String(reply.body).matchAll(/<li><code>([^<]+)</g)].map(([, code = '']) => code);
  people.clock.forward({ seconds: 30 });
  return { secret, recoveryCodes };
}

/** Of the form that holds a field; the header has a form of its own. */
function tokenBefore(reply: Reply, what: string): string {
  const before = String(reply.body).split(what)[0] ?? '';
  return [...before.matchAll(/name="form-token" value="([^"]*)"/g)].at(-1)?.[1] ?? '';
}

const isSignedIn = async (who: FakeBrowser) => (await who.get(handlers.overview)).status === 200;

describe('one-time codes of an app', () => {
  it('are asked for after the password, and lead to the page that was wanted', async () => {
    const { secret } = await addApp();
    const other = new FakeBrowser();
    expect(await givePassword(other)).toMatchObject({
      status: 303,
      headers: { location: '/admin/sign-in/second-factor?return=%2Fadmin%2Fyou' },
    });
    expect(other.jar.has('vitrine-admin')).toBe(false);
    expect(await isSignedIn(other)).toBe(false);
    expect(await giveCode(other, codeOf(secret))).toMatchObject({ status: 303, headers: { location: '/admin/you' } });
    expect(await isSignedIn(other)).toBe(true);
    expect(other.jar.has('vitrine-admin-pending')).toBe(false);
  });

  it('count once, also for the browser that has used one', async () => {
    const { secret } = await addApp();
    const [first, second] = [new FakeBrowser(), new FakeBrowser()];
    for (const each of [first, second]) await givePassword(each);
    const code = codeOf(secret);
    expect((await giveCode(first, code)).status).toBe(303);
    const reply = await giveCode(second, code);
    expect(reply.status).toBe(401);
    expect(String(reply.body)).toContain('it was used before');
    expect(await isSignedIn(second)).toBe(false);
  });

  it('that proved the app does not count again', async () => {
    const { secret } = await addApp();
    const other = new FakeBrowser();
    await givePassword(other);
    expect((await giveCode(other, codeOf(secret, -1))).status).toBe(401);
  });

  it('count one step before or after the clock of the server, not two', async () => {
    const { secret } = await addApp();
    people.clock.forward({ minutes: 5 });
    for (const [steps, status] of [
      [-2, 401],
      [2, 401],
      [-1, 303],
      [1, 303],
    ] as const) {
      const other = new FakeBrowser();
      await givePassword(other);
      expect((await giveCode(other, codeOf(secret, steps))).status).toBe(status);
    }
  });

  it('are slowed when they are guessed, wherever the guesses come from', async () => {
    const { secret } = await addApp();
    for (let guess = 0; guess < 5; guess += 1) {
      const guesser = new FakeBrowser();
      guesser.address = `198.51.100.${guess}`;
      await givePassword(guesser);
      expect((await giveCode(guesser, '000000')).status).toBe(401);
    }
    const other = new FakeBrowser();
    await givePassword(other);
    expect((await giveCode(other, codeOf(secret))).status).toBe(429);
    people.clock.forward({ minutes: 15 });
    await givePassword(other);
    expect((await giveCode(other, codeOf(secret))).status).toBe(303);
    expect(people.audit.entries.filter(({ action }) => action === 'second-factor.failed')).toHaveLength(6);
  });

  it('are not added by a wrong code, and the same key is shown again', async () => {
    await givePassword(browser);
    const shown = await browser.get(handlers.addApp);
    browser.formToken = tokenBefore(shown, 'name="sealed"');
    const reply = await browser.post(handlers.submitApp, { form: { sealed: fieldOf(shown, 'sealed'), code: '000000', name: '' } });
    expect(reply.status).toBe(400);
    const keyOf = (page: Reply) => /<code class="key">([^<]+)</.exec(String(page.body))?.[1];
    expect(keyOf(reply)).toBe(keyOf(shown));
    expect(await people.secondFactors.list(keeper.id)).toEqual([]);
  });

  it('are kept sealed: the store has no key, and another user cannot use it', async () => {
    const { secret } = await addApp();
    const [kept] = await people.secondFactors.listOneTimeCodes(keeper.id);
    expect(JSON.stringify(kept)).not.toContain(secret);
    const other = people.stores.addUser('other', 'keys of other', [ADMINISTRATOR_ROLE]);
    await people.secondFactors.addOneTimeCodes(other.id, { name: 'x', sealedSecret: kept?.sealedSecret ?? '', step: 0, at: new Date(0) });
    const visitor = new FakeBrowser();
    await visitor.get(handlers.signIn);
    await visitor.post(handlers.submitSignIn, { form: { user: 'other', password: 'keys of other' } });
    expect((await giveCode(visitor, codeOf(secret))).status).toBe(401);
  });
});

describe('recovery codes', () => {
  it('come with the first factor: ten, of 80 bits, hashed in the store', async () => {
    const { recoveryCodes } = await addApp();
    expect(recoveryCodes).toHaveLength(10);
    for (const code of recoveryCodes) expect(code).toMatch(/^([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/);
    const stored = JSON.stringify([...(people.secondFactors.recoveryCodes.get(keeper.id) ?? [])]);
    for (const code of recoveryCodes) expect(stored).not.toContain(code);
  });

  it('let in once each, however they are typed', async () => {
    const { recoveryCodes } = await addApp();
    const [code = '', next = ''] = recoveryCodes;
    const typed = code.toUpperCase().replaceAll('-', ' ').replaceAll('0', 'O').replaceAll('1', 'l');
    const other = new FakeBrowser();
    await givePassword(other);
    expect((await giveCode(other, typed)).status).toBe(303);
    await givePassword(browser);
    const again = new FakeBrowser();
    await givePassword(again);
    expect((await giveCode(again, code)).status).toBe(401);
    expect((await giveCode(again, next)).status).toBe(303);
  });

  it('are no password: they let nobody in alone', async () => {
    const { recoveryCodes } = await addApp();
    const other = new FakeBrowser();
    await givePassword(other);
    await other.get(handlers.secondFactorStep);
    other.jar.delete('vitrine-admin-pending');
    expect((await postCode(other, recoveryCodes[0] ?? '')).headers['location']).toBe(SIGN_IN);
    expect(await isSignedIn(other)).toBe(false);
  });
});

describe('the first step of a sign-in', () => {
  it('is worth nothing after ten minutes, without the role, and where it was changed', async () => {
    const { secret } = await addApp();
    const cases: ReadonlyArray<(of: FakeBrowser) => Promise<unknown> | undefined> = [
      async () => people.clock.forward({ minutes: 10 }),
      async (of) =>
        void of.jar.set('vitrine-admin-pending', (of.jar.get('vitrine-admin-pending') ?? '').replace(/\.\d+\./, '.9999999999999.')),
      async (of) => {
        const other = people.stores.addUser('chief', 'x', [ADMINISTRATOR_ROLE]);
        of.jar.set('vitrine-admin-pending', (of.jar.get('vitrine-admin-pending') ?? '').replace(keeper.id, other.id));
      },
      async () => people.users.setRoles(keeper.id, []),
    ];
    for (const spoil of cases) {
      const other = new FakeBrowser();
      await givePassword(other);
      await other.get(handlers.secondFactorStep);
      await spoil(other);
      expect((await postCode(other, codeOf(secret))).headers['location']).toBe(SIGN_IN);
      expect(await isSignedIn(other)).toBe(false);
    }
  });

  it('is worth nothing with another password', async () => {
    const { secret } = await addApp();
    const other = new FakeBrowser();
    await givePassword(other);
    await other.get(handlers.secondFactorStep);
    await people.users.setPasswordHash(keeper.id, 'hash of others');
    expect((await postCode(other, codeOf(secret))).headers['location']).toBe(SIGN_IN);
  });

  it('is no session', async () => {
    await addApp();
    const other = new FakeBrowser();
    await givePassword(other);
    other.jar.set('vitrine-admin', other.jar.get('vitrine-admin-pending') ?? '');
    expect(await isSignedIn(other)).toBe(false);
  });
});

describe('adding the first factor', () => {
  it('ends the sessions that were opened without one, and keeps the one at hand', async () => {
    const other = new FakeBrowser();
    await givePassword(other);
    expect(await isSignedIn(other)).toBe(true);
    await addApp();
    expect(await isSignedIn(other)).toBe(false);
    expect(await isSignedIn(browser)).toBe(true);
  });
});

describe('confirming that it is you', () => {
  it('is done with a code of the app as well, once', async () => {
    const { secret } = await addApp();
    people.clock.forward({ minutes: 11 });
    const page = await browser.get(handlers.you);
    browser.formToken = tokenBefore(page, 'Make new ones');
    const asked = await browser.post(handlers.submitRecoveryCodes, { path: '/admin/you/recovery-codes', form: {} });
    expect(asked.status).toBe(403);
    expect(String(asked.body)).toContain('name="confirm-code"');
    const code = codeOf(secret);
    const wrong = await browser.post(handlers.submitRecoveryCodes, { form: { 'confirm-code': '000000' } });
    expect(wrong.status).toBe(403);
    const reply = await browser.post(handlers.submitRecoveryCodes, { form: { 'confirm-code': code } });
    expect(reply.status).toBe(200);
    expect(String(reply.body)).toContain('Your recovery codes');
    people.clock.forward({ minutes: 11 });
    expect((await browser.post(handlers.submitRecoveryCodes, { form: { 'confirm-code': code } })).status).toBe(403);
  });

  it('does not take a code from somebody who has no app', async () => {
    await givePassword(browser);
    people.clock.forward({ minutes: 11 });
    const page = await browser.get(handlers.addApp);
    browser.formToken = tokenBefore(page, 'name="sealed"');
    const reply = await browser.post(handlers.submitApp, { form: { 'confirm-code': '123456' } });
    expect(reply.status).toBe(403);
    expect(String(reply.body)).not.toContain('name="confirm-code"');
  });
});

describe('where administrators need a second factor', () => {
  beforeEach(() => {
    handlers = createAdmin(fakeAdmin(people, { needSecondFactor: true })).handlers;
  });

  it('one without is led to set one up, and can do nothing else', async () => {
    await givePassword(browser);
    expect(await browser.get(handlers.overview, { path: '/admin' })).toMatchObject({ status: 303, headers: { location: '/admin/you' } });
    expect((await browser.get(handlers.you, { path: '/admin/you' })).status).toBe(200);
    expect(String((await browser.get(handlers.you, { path: '/admin/you' })).body)).toContain('set one up to go on');
    const page = await browser.get(handlers.you, { path: '/admin/you' });
    browser.formToken = tokenBefore(page, 'name="current"');
    const reply = await browser.post(handlers.submitOwnPassword, { path: '/admin/you/password', form: { current: 'keys' } });
    expect(reply).toMatchObject({ status: 303, headers: { location: '/admin/you' } });
  });

  it('one with a factor goes on', async () => {
    handlers = createAdmin(fakeAdmin(people)).handlers;
    await addApp();
    handlers = createAdmin(fakeAdmin(people, { needSecondFactor: true })).handlers;
    expect((await browser.get(handlers.overview, { path: '/admin' })).status).toBe(200);
  });
});

describe('the second factors of another administrator', () => {
  async function chief(): Promise<FakeBrowser> {
    people.stores.addUser('chief', 'keys of the chief', [ADMINISTRATOR_ROLE]);
    const who = new FakeBrowser();
    await who.get(handlers.signIn);
    await who.post(handlers.submitSignIn, { form: { user: 'chief', password: 'keys of the chief' } });
    who.formToken = tokenBefore(await who.get(handlers.secondFactors), 'Remove all');
    return who;
  }

  it('are removed by a recent administrator, which ends the sessions, is written down, and leaves the password', async () => {
    const { secret } = await addApp();
    const other = await chief();
    people.clock.forward({ minutes: 11 });
    expect((await other.post(handlers.submitSecondFactors, { form: { user: keeper.id } })).status).toBe(403);
    expect(await isSignedIn(browser)).toBe(true);
    const reply = await other.post(handlers.submitSecondFactors, {
      form: { user: keeper.id, 'confirm-password': 'keys of the chief' },
    });
    expect(reply).toMatchObject({ status: 303, headers: { location: '/admin/second-factors?done=factors-reset' } });
    expect(await isSignedIn(browser)).toBe(false);
    expect(people.audit.entries.at(-1)).toMatchObject({ action: 'second-factor.removed', actor: 'chief', target: 'keeper' });
    expect(await givePassword(browser)).toMatchObject({ status: 303, headers: { location: '/admin/you' } });
    expect(await people.secondFactors.countRecoveryCodes(keeper.id)).toBe(0);
    expect(secret).not.toBe('');
  });

  it('that were removed are no proof in a sign-in that has begun', async () => {
    const { secret } = await addApp();
    const begun = new FakeBrowser();
    await givePassword(begun);
    await begun.get(handlers.secondFactorStep);
    const other = await chief();
    await other.post(handlers.submitSecondFactors, { form: { user: keeper.id } });
    await postCode(begun, codeOf(secret));
    expect(await isSignedIn(begun)).toBe(false);
  });

  it('are not removed by the administrator whose they are, without a look at the own account', async () => {
    await addApp();
    await chief();
    browser.formToken = tokenBefore(await browser.get(handlers.secondFactors), 'Remove all');
    const reply = await browser.post(handlers.submitSecondFactors, { form: { user: keeper.id } });
    expect(reply.status).not.toBe(200);
    expect(await people.secondFactors.list(keeper.id)).toHaveLength(1);
  });

  it('are missed on the overview, until each has one', async () => {
    await givePassword(browser);
    expect(String((await browser.get(handlers.overview)).body)).toContain('You have no second factor');
    await chief();
    expect(String((await browser.get(handlers.overview)).body)).toContain('2 of 2 administrators have no second factor');
    await addApp();
    expect(String((await browser.get(handlers.overview)).body)).toContain('1 of 2 administrators has no second factor');
  });
});

describe('the own second factors', () => {
  it('are removed one by one; with the last one the recovery codes go', async () => {
    await addApp();
    const [factor] = await people.secondFactors.list(keeper.id);
    browser.formToken = tokenBefore(await browser.get(handlers.you), 'name="factor"');
    const reply = await browser.post(handlers.submitOwnFactor, { form: { factor: factor?.id ?? '' } });
    expect(reply.headers['location']).toBe('/admin/you?done=factor-removed');
    expect(await people.secondFactors.list(keeper.id)).toEqual([]);
    expect(await people.secondFactors.countRecoveryCodes(keeper.id)).toBe(0);
    const codes = await browser.post(handlers.submitRecoveryCodes, { form: {} });
    expect(codes.status).toBe(403);
  });

  it('give new recovery codes, in the place of the former ones', async () => {
    const { recoveryCodes } = await addApp();
    browser.formToken = tokenBefore(await browser.get(handlers.you), 'Make new ones');
    const reply = await browser.post(handlers.submitRecoveryCodes, { form: {} });
    const made = [...String(reply.body).matchAll(/<li><code>([^<]+)</g)].map(([, code]) => code);
    expect(made).toHaveLength(10);
    expect(made.some((code) => recoveryCodes.includes(code ?? ''))).toBe(false);
    const other = new FakeBrowser();
    await givePassword(other);
    expect((await giveCode(other, recoveryCodes[0] ?? '')).status).toBe(401);
    expect((await giveCode(other, made[0] ?? '')).status).toBe(303);
  });
});

it('an administrator whose password is kept elsewhere is asked for none here, neither to change it nor as a proof', async () => {
  await addApp();
  const account = people.stores.accounts.get(keeper.id);
  if (account === undefined) throw new Error('there is no account');
  people.stores.accounts.set(keeper.id, { ...account, passwordHash: null });
  const page = await browser.get(handlers.you);
  expect(page.status).toBe(200);
  expect(String(page.body)).not.toContain('Change your password');
  browser.formToken = tokenBefore(page, 'Make new ones');
  people.clock.forward({ minutes: 11 });
  const asked = await browser.post(handlers.submitRecoveryCodes, { form: {} });
  expect(String(asked.body)).toContain('name="confirm-code"');
  expect(String(asked.body)).not.toContain('name="confirm-password"');
});
