import type { CDPSession, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_PASSWORD, addAdministrator, makeStale } from '../harness/administrator.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { chromiumFile, launchChromium, shoot, type TestBrowser } from './chromium.ts';

describe.skipIf(chromiumFile === null)('passkeys of administrators, in a browser', () => {
  let vitrine: TestVitrine;
  let browser: TestBrowser;
  let page: Page;
  let devtools: CDPSession;
  let administrators = 0;
  let name: string;

  beforeAll(async () => {
    vitrine = await startTestVitrine();
  });
  afterAll(() => vitrine.close());
  beforeEach(async () => {
    administrators += 1;
    name = `keeper${administrators}`;
    await addAdministrator(vitrine, name);
    browser = await launchChromium();
    page = await browser.context.newPage();
    devtools = await browser.context.newCDPSession(page);
    await devtools.send('WebAuthn.enable');
  }, 60_000);
  afterEach(() => browser.close());

  /** What a browser has at hand: a device that verifies who holds it, or a bare key. */
  async function plugIn(verifiesUser: boolean): Promise<string> {
    const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: verifiesUser ? 'internal' : 'usb',
        hasResidentKey: verifiesUser,
        hasUserVerification: verifiesUser,
        isUserVerified: verifiesUser,
        automaticPresenceSimulation: true,
      },
    });
    return authenticatorId;
  }

  async function givePassword(): Promise<void> {
    await page.goto(`${vitrine.base}/admin`);
    await page.fill('#user', name);
    await page.fill('#password', ADMIN_PASSWORD);
    await page.click('button.primary');
    await page.waitForURL((url) => url.pathname !== '/admin/sign-in');
  }

  async function addPasskey(): Promise<void> {
    await page.goto(`${vitrine.base}/admin/you/passkey`);
    await page.fill('#name', 'my key');
    await page.click('form[data-passkey] button');
    await page.waitForSelector('.codes');
    expect(await page.locator('.codes li').count()).toBe(10);
  }

  async function signOut(): Promise<void> {
    await page.goto(`${vitrine.base}/admin`);
    await page.click('.visitor button');
    await page.waitForURL(/\/admin\/sign-in/);
  }

  it('are added, let in without a password where they verify who it is, and are listed', async () => {
    await plugIn(true);
    await givePassword();
    await addPasskey();
    await shoot(page, 'admin-recovery-codes');
    await page.click('a.button');
    expect(await page.locator('main').innerText()).toContain('my key');
    await shoot(page, 'admin-you-with-passkey');
    await signOut();
    await shoot(page, 'admin-sign-in-with-passkey');
    await page.click('form[data-passkey] button');
    await page.waitForURL(`${vitrine.base}/admin`);
    expect(await page.locator('.visitor').innerText()).toContain(name);
  });

  it('are the second factor after the password, and confirm later that it is you', async () => {
    await plugIn(false);
    await givePassword();
    await addPasskey();
    await signOut();
    await givePassword();
    expect(new URL(page.url()).pathname).toBe('/admin/sign-in/second-factor');
    await shoot(page, 'admin-second-factor');
    await page.click('form[data-passkey] button');
    await page.waitForURL(`${vitrine.base}/admin`);

    await makeStale(vitrine);
    await page.goto(`${vitrine.base}/admin/you`);
    await page.click('button:has-text("Make new ones")');
    await page.waitForSelector('h1:has-text("Confirm that it is you")');
    await shoot(page, 'admin-confirm');
    await page.click('form[data-passkey] button');
    await page.waitForSelector('.codes');
  });

  it('that verify nobody do not stand for the password', async () => {
    const authenticator = await plugIn(false);
    await givePassword();
    await addPasskey();
    await signOut();
    await page.click('form[data-passkey] button');
    await page.waitForSelector('[data-failed]:not([hidden])');
    const { credentials } = await devtools.send('WebAuthn.getCredentials', { authenticatorId: authenticator });
    expect(credentials).toHaveLength(1);
    expect(new URL(page.url()).pathname).toBe('/admin/sign-in');
  });

  it('whose counter has gone back are refused: somebody has a copy', async () => {
    const authenticator = await plugIn(true);
    await givePassword();
    await addPasskey();
    const { credentials } = await devtools.send('WebAuthn.getCredentials', { authenticatorId: authenticator });
    const [credential] = credentials;
    if (credential === undefined) throw new Error('there is no credential');
    await signOut();
    await page.click('form[data-passkey] button');
    await page.waitForURL(`${vitrine.base}/admin`);
    await signOut();
    await devtools.send('WebAuthn.removeCredential', { authenticatorId: authenticator, credentialId: credential.credentialId });
    await devtools.send('WebAuthn.addCredential', { authenticatorId: authenticator, credential: { ...credential, signCount: 0 } });
    await page.click('form[data-passkey] button');
    await page.waitForSelector('main [role="alert"]:has-text("No administrator has this passkey")');
    expect((await page.goto(`${vitrine.base}/admin`))?.url()).toContain('/admin/sign-in');
  });

  it('answer once: the same answer sent again opens nothing', async () => {
    await plugIn(true);
    await givePassword();
    await addPasskey();
    await signOut();
    const [sent] = await Promise.all([
      page.waitForRequest((request) => request.method() === 'POST'),
      page.click('form[data-passkey] button'),
    ]);
    await page.waitForURL(`${vitrine.base}/admin`);
    const cookies = (await browser.context.cookies(`${vitrine.base}/admin`)).filter((cookie) => cookie.name === 'vitrine-form');
    const replayed = await fetch(sent.url(), {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: vitrine.base,
        cookie: cookies.map((cookie) => `${cookie.name}=${cookie.value}`).join('; '),
      },
      body: sent.postData() ?? '',
    });
    expect(replayed.status).toBe(401);
    expect(replayed.headers.getSetCookie().join()).not.toContain('vitrine-admin=adm_');
  });

  it('of one administrator are no second factor of another', async () => {
    const authenticator = await plugIn(true);
    await givePassword();
    await addPasskey();
    await signOut();
    const { credentials } = await devtools.send('WebAuthn.getCredentials', { authenticatorId: authenticator });
    const first = credentials[0]?.credentialId.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '') ?? '';
    administrators += 1;
    name = `keeper${administrators}`;
    await addAdministrator(vitrine, name);
    await givePassword();
    await addPasskey();
    await signOut();
    // As somebody would who knows the password of the other, and changes our page to ask for a passkey of their own.
    await page.route('**/admin/sign-in/second-factor', async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace(/"allowCredentials":\[\{"id":"[^"]*"/, `"allowCredentials":[{"id":"${first}"`);
      await route.fulfill({ response, body });
    });
    await givePassword();
    // What a redirect leads to is not routed.
    await page.reload();
    expect(await page.locator('#passkey-options').textContent()).toContain(first);
    await page.click('form[data-passkey] button');
    await page.waitForSelector('main .error:has-text("could not be checked")');
    expect(new URL(page.url()).pathname).toBe('/admin/sign-in/second-factor');
  });
});
