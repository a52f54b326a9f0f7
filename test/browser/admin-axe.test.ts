/// <reference lib="dom" />
import { TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_PASSWORD, addAdministrator, endSessions, makeStale } from '../harness/administrator.ts';
import { addPersonalToken } from '../harness/personal-token.ts';
import { TestVisitor } from '../harness/visitor.ts';
import { ACCESS, type TestVitrine } from '../harness/vitrine.ts';
import { makeKeyPair } from '../identity/saml-idp.ts';
import { planCampus } from '../sign-on/campus.ts';
import { findings } from './axe.ts';
import { chromiumFile, launchChromium, shoot, type TestBrowser } from './chromium.ts';

/** Every page of the administration. */
const PAGES = [
  '/admin',
  '/admin/grants',
  '/admin/grants?which=ended&item=x',
  '/admin/requests',
  '/admin/requests?state=decided&q=letters',
  '/admin/sessions',
  '/admin/sessions?user=reader&done=token-ended',
  '/admin/audit',
  '/admin/audit?from=x',
  '/admin/tokens',
  '/admin/identity',
  '/admin/you',
  '/admin/you?done=session-ended',
  '/admin/you/app',
  '/admin/you/passkey',
  '/admin/second-factors',
  '/admin/items',
  '/admin/items?search=photo',
  '/admin/items/at?path=members/letter.jpg',
  '/admin/items/at?path=members/letter.jpg&asked=yes&user=x&at=y',
  '/admin/access',
  '/admin/access/versions',
  '/admin/access/versions/1',
  '/admin/users',
  '/admin/users?q=nobody-of-this-name',
  '/admin/users/import',
  '/admin/users/new',
  '/admin/users/usr_gone',
  '/admin/roles',
  '/admin/shadow',
] as const;
const SIGNED_OUT = ['/admin/sign-in', '/admin/first/over'] as const;

const NARROW = { width: 360, height: 740 };
const WIDE = { width: 1200, height: 860 };

describe.skipIf(chromiumFile === null)('axe finds nothing on the pages of the administration', () => {
  let vitrine: TestVitrine;
  let browser: TestBrowser;
  let page: Page;

  beforeAll(async () => {
    const plan = await planCampus();
    vitrine = await plan.start(
      {
        campus: { type: 'cas', label: 'Example University', url: 'http://127.0.0.1:1/cas', roles: [{ roles: 'reader' }] },
        other: {
          type: 'saml',
          label: 'Example Federation',
          issuer: 'https://idp.example',
          signOnUrl: 'https://idp.example/sso',
          certificates: (await makeKeyPair('idp.example')).certificate,
        },
        directory: { type: 'ldap', label: 'Staff account', url: 'ldap://127.0.0.1:1', base: 'dc=example' },
      },
      ACCESS,
    );
    await addAdministrator(vitrine);
    await readSomething(vitrine);
    for (const user of ['reader', 'keeper']) await addPersonalToken(vitrine, user);
    browser = await launchChromium();
    page = await browser.context.newPage();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await vitrine.close();
  });

  async function check(path: string): Promise<void> {
    await page.goto(`${vitrine.base}${path}`);
    const name = path.replaceAll(/[^a-z]+/g, '-');
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const size of [WIDE, NARROW]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(size);
        await shoot(page, `axe${name}-${colorScheme}-${size === WIDE ? 'wide' : 'narrow'}`);
        expect(await findings(page), `${path}, ${colorScheme}, ${size.width} pixels wide`).toEqual([]);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(overflow, `${path} is wider than ${size.width} pixels`).toBeLessThanOrEqual(0);
      }
    }
  }

  it.each(SIGNED_OUT)('%s', (path) => check(path), 60_000);

  it('lets somebody sign in', async () => {
    await page.goto(`${vitrine.base}/admin`);
    await page.fill('#user', 'keeper');
    await page.fill('#password', 'not the password');
    await page.click('button.primary');
    expect(await findings(page)).toEqual([]);
    expect(await page.locator('.error').innerText()).toContain('cannot be checked at this moment');
    await page.fill('#password', ADMIN_PASSWORD);
    await page.click('button.primary');
    await page.waitForURL(`${vitrine.base}/admin`);
  });

  it('asks to confirm that it is you', async () => {
    await page.goto(`${vitrine.base}/admin/you/app`);
    await makeStale(vitrine);
    await page.fill('#code', '123456');
    await page.click('button.primary');
    await page.waitForSelector('h1:has-text("Confirm that it is you")');
    expect(await findings(page)).toEqual([]);
    await page.fill('#confirm-password', ADMIN_PASSWORD);
    await page.click('button.primary');
    await page.waitForSelector('h1:has-text("Add an app")');
    expect(await findings(page)).toEqual([]);
    expect(await page.locator('.error').innerText()).toContain('not the code that the app shows');
  });

  it('keeps what was typed when the session ends, and shows recovery codes and the second step', async () => {
    await page.goto(`${vitrine.base}/admin/you/app`);
    const secret = (await page.locator('.key').innerText()).replaceAll(' ', '');
    await page.fill('#name', 'my phone');
    await endSessions(vitrine);
    await page.fill('#code', new TOTP({ secret }).generate());
    await page.click('button.primary');
    await page.waitForSelector('h1:has-text("Your session has ended")');
    await shoot(page, 'admin-ended-session');
    expect(await findings(page)).toEqual([]);
    const [other] = await Promise.all([page.waitForEvent('popup'), page.click('main a')]);
    await signIn(other);
    await other.waitForSelector('h1:has-text("Add an app")');
    await other.close();
    await page.click('button.primary');
    await page.waitForSelector('.codes');
    expect(await findings(page)).toEqual([]);
    await page.goto(`${vitrine.base}/admin/you`);
    expect(await page.locator('main').innerText()).toContain('my phone');
    expect(await findings(page)).toEqual([]);
    await page.click('.visitor button');
    await signIn(page);
    await page.waitForSelector('h1:has-text("Your second factor")');
    expect(await findings(page)).toEqual([]);
    await page.fill('#code', new TOTP({ secret }).generate({ timestamp: Date.now() + 30_000 }));
    await page.click('button.primary');
    await page.waitForURL(`${vitrine.base}/admin`);
  });

  it.each(PAGES)('%s', (path) => check(path), 60_000);

  it('the page of a user', async () => {
    await page.goto(`${vitrine.base}/admin/users`);
    await page.click('tbody a:text-is("reader")');
    await page.waitForURL(/usr_/);
    await check(new URL(page.url()).pathname);
  }, 60_000);

  it('an import, from the file to the invitations', async () => {
    await page.goto(`${vitrine.base}/admin/users/import`);
    const upload = async (csv: string) => {
      await page.setInputFiles('#file', { name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
      await page.click('main button[type="submit"]');
      expect(await findings(page)).toEqual([]);
    };
    await upload('name,state\nursula,asleep\n');
    expect(await page.locator('[role="alert"]').innerText()).toContain('Line 2');
    await upload('name,email,roles\nUrsula,u@example.org,reader\nreader,,reader curator\n');
    await shoot(page, 'axe-admin-users-import-plan');
    await page.click('main button[type="submit"]');
    await page.waitForSelector('text="The file is imported"');
    expect(await findings(page)).toEqual([]);
    await shoot(page, 'axe-admin-users-import-done');
  }, 60_000);

  it('an invitation, and the page that it leads to', async () => {
    await page.goto(`${vitrine.base}/admin/users/new`);
    await page.fill('#name', 'reader');
    await page.click('main button[type="submit"]');
    expect(await findings(page)).toEqual([]);
    expect(await page.locator('[role="alert"]').innerText()).toContain('already a user');
    await page.fill('#name', 'Zoë');
    await page.check('input[name="role"][value="reader"]');
    await page.click('main button[type="submit"]');
    expect(await findings(page)).toEqual([]);
    await shoot(page, 'axe-admin-users-link');
    const link = await page.inputValue('#link');
    await check(new URL(link).pathname);
    await page.fill('#password', 'too short');
    await page.fill('#again', 'too short');
    await page.click('main button[type="submit"]');
    expect(await findings(page)).toEqual([]);
    expect(await page.locator('[role="alert"]').innerText()).toContain('too short');
  }, 60_000);
});

/** So that there is something to be listed. */
async function readSomething(vitrine: TestVitrine): Promise<void> {
  const reader = new TestVisitor(vitrine);
  await reader.signIn('reader');
  await reader.token(2, 'members');
  await reader.ask('/iiif/3/curators%2Fdiary.jpg/info.json');
}

async function signIn(page: Page): Promise<void> {
  await page.fill('#user', 'keeper');
  await page.fill('#password', ADMIN_PASSWORD);
  await page.click('button.primary');
}
