/// <reference lib="dom" />
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CLIENT, closeServer, type RealProvider, startRealProvider } from '../identity/real-provider.ts';
import { IDP, makeKeyPair, realIdp } from '../identity/saml-idp.ts';
import { type CampusVitrine, planCampus, READERS } from '../sign-on/campus.ts';
import { chromiumFile, launchChromium, shoot, type TestBrowser } from './chromium.ts';
import { startViewerSite, type ViewerSite } from './viewer-site.ts';

const ACCESS = `accessServices:
  oidc: { pattern: login, label: { en: [Sign in to Example Library] }, identity: [oidc] }
  saml: { pattern: login, label: { en: [Sign in to Example Library] }, identity: [saml] }
  both: { pattern: login, label: { en: [Sign in to Example Library], de: [Anmelden bei der Beispielbibliothek] }, identity: [local, oidc, saml] }
policies:
  - { items: members/letter.jpg, allow: [{ service: oidc, roles: [reader] }] }
  - { items: members/**, allow: [{ service: saml, roles: [reader] }] }
  - { items: '**', allow: [{ service: both, roles: [reader] }] }
`;

const OIDC = 'members%2Fletter.jpg';
const SAML = 'members%2Fpyramid.tif';
const BOTH = 'curators%2Fdiary.jpg';

describe.skipIf(chromiumFile === null)('a sign-in with an account from elsewhere, from a viewer on another site', () => {
  let provider: RealProvider;
  let samlPage: Server;
  let vitrine: CampusVitrine;
  let site: ViewerSite;
  let browser: TestBrowser;
  let page: Page;

  beforeAll(async () => {
    const plan = await planCampus();
    const idp = await makeKeyPair('idp.example.edu');
    const ours = { callback: `${plan.base}/identity/saml/callback`, metadata: `${plan.base}/identity/saml/metadata` };
    samlPage = createServer(async (request, response) => {
      const url = new URL(request.url ?? '/', 'http://idp');
      if (url.pathname !== '/sso') {
        response.writeHead(404).end();
        return;
      }
      const metadata = await (await fetch(ours.metadata)).text();
      const addressed = { destination: ours.callback, recipient: ours.callback, audience: ours.metadata };
      const { SAMLResponse } = await realIdp(idp, metadata, false).answer(url.href, (facts) => ({ ...facts, ...addressed }));
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(`<!doctype html><title>Example University</title><form method="post" action="${ours.callback}">
<input type="hidden" name="SAMLResponse" value="${SAMLResponse}"><input type="hidden" name="RelayState" value="${url.searchParams.get('RelayState')}">
<button>Go on as anna</button></form>`);
    });
    await new Promise<void>((resolve) => samlPage.listen(0, '127.0.0.1', resolve));
    provider = await startRealProvider({
      callback: `${plan.base}/identity/oidc/callback`,
      home: `${plan.base}/`,
      logout: `${plan.base}/identity/oidc/logout`,
    });
    provider.claims = { preferred_username: 'anna' };
    const signOnUrl = `http://127.0.0.1:${(samlPage.address() as AddressInfo).port}/sso`;
    vitrine = await plan.start(
      {
        oidc: {
          type: 'oidc',
          label: { en: 'Example University', de: 'Universität Beispiel' },
          issuer: provider.issuer,
          ...CLIENT,
          roles: READERS,
        },
        saml: { type: 'saml', label: 'Example Federation', issuer: IDP.entityId, signOnUrl, certificates: idp.certificate, roles: READERS },
      },
      ACCESS,
    );
    site = await startViewerSite();
  }, 60_000);
  afterAll(async () => {
    await site?.close();
    await vitrine?.close();
    await provider?.close();
    await closeServer(samlPage);
  });
  beforeEach(async () => {
    browser = await launchChromium();
    page = await browser.context.newPage();
  });
  afterEach(() => browser.close());

  const state = (wanted: string) => page.waitForSelector(`#vitrine-viewer[data-state="${wanted}"]`, { timeout: 20_000 });
  async function openWindow(identifier: string, version: 1 | 2): Promise<Page> {
    await page.goto(site.openseadragon(`${vitrine.base}/iiif/${version === 1 ? 2 : 3}/${identifier}/info.json`, version));
    await state('locked');
    const [opened] = await Promise.all([page.waitForEvent('popup'), page.click('.confirm')]);
    await opened.waitForLoadState();
    return opened;
  }

  it.each([1, 2] as const)(
    'goes to the OpenID provider at once, and opens the picture after one click of ours, through version %s',
    async (version) => {
      const window = await openWindow(OIDC, version);
      await window.waitForURL(`${vitrine.base}/auth/access/oidc**`);
      await shoot(window, `sign-on-oidc-${version}-continue`);
      expect(await window.innerText('main')).toContain('127.0.0.1');
      await Promise.all([window.waitForEvent('close'), window.click('button[value="continue"]')]);
      await state('open');
      await page.click('.sign-out');
      await state('locked');
    },
  );

  it.each([1, 2] as const)('comes back from SAML by a form of another site, through version %s', async (version) => {
    const window = await openWindow(SAML, version);
    expect(await window.title()).toBe('Example University');
    await window.click('button');
    await window.waitForURL(`${vitrine.base}/auth/access/saml**`);
    await Promise.all([window.waitForEvent('close'), window.click('button[value="continue"]')]);
    await state('open');
  });

  it('is chosen on our page, and ends where the viewer waits, without a second click', async () => {
    const window = await openWindow(BOTH, 2);
    await shoot(window, 'sign-on-choices');
    await window.setViewportSize({ width: 360, height: 740 });
    await window.emulateMedia({ colorScheme: 'dark' });
    await shoot(window, 'sign-on-choices-dark-narrow');
    await window.click('text=Example Federation');
    await Promise.all([window.waitForEvent('close'), window.click('button')]);
    await state('open');
  });

  it('leads on to the source after a sign-out, and says so', async () => {
    await page.goto(`${vitrine.base}/sign-in?return=/browse/open`);
    await page.click('text=Example University');
    await page.waitForURL(`${vitrine.base}/browse/open`);
    await page.goto(`${vitrine.base}/sign-out`);
    await page.click('button[type="submit"]');
    await shoot(page, 'sign-on-signed-out');
    await page.click('text=Sign out at “Example University”');
    expect(new URL(page.url()).origin).toBe(provider.issuer);
  });

  it('that is refused says so, and leads back to where it can be begun again', async () => {
    await page.goto(`${vitrine.base}/identity/oidc/callback?state=x&code=y`);
    await shoot(page, 'sign-on-refused');
    expect(await page.innerText('[role="alert"]')).toContain('begun elsewhere');
  });
});
