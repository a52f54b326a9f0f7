import { existsSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** What Playwright turns off, whose list ours replaces; and two pages in every window that nobody sees, at half of its costs. */
const UNWANTED_FEATURES = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
];

const FLAGS = [
  `--disable-features=${UNWANTED_FEATURES.join(',')}`,
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const PLACES = [process.env['VITRINE_CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Null where the machine has none: then the browser tests say that they are skipped. */
export const chromiumFile: string | null = PLACES.find((place) => place !== undefined && existsSync(place)) ?? null;

export interface TestBrowser {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

/** Whether a page of one site may use the cookies of another one; browsers differ, and so do their settings. */
export type ThirdPartyCookies = 'allowed' | 'blocked';

/** `profile.cookie_controls_mode` of Chromium. */
const COOKIE_CONTROLS: Readonly<Record<ThirdPartyCookies, number>> = { allowed: 0, blocked: 1 };

/** The running programs: to start one costs more than most tests of a page. */
const running = new Map<ThirdPartyCookies, Promise<Browser>>();

/** A browser as somebody has who was never here: with cookies, storage, caches and permissions of its own. */
export async function launchChromium(cookies: ThirdPartyCookies = 'allowed', language = 'en'): Promise<TestBrowser> {
  const started = running.get(cookies) ?? startChromium(cookies);
  running.set(cookies, started);
  const context = await (await started).newContext({
    locale: language,
    viewport: { width: 1000, height: 760 },
    ignoreHTTPSErrors: true,
  });
  return { context, close: () => context.close() };
}

/** The program, which ends with this process. One that crashed is started anew for whoever comes next. */
async function startChromium(cookies: ThirdPartyCookies): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'vitrine-chromium-'));
  await mkdir(join(profile, 'Default'));
  const preferences = { profile: { cookie_controls_mode: COOKIE_CONTROLS[cookies] } };
  await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
  const own = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumFile ?? '',
    headless: true,
    args: FLAGS,
    handleSIGTERM: false,
  });
  // Vitest ends its processes by a signal; ours and the program's files go in an orderly way all the same.
  process.once('SIGTERM', () => process.exit());
  process.once('exit', () => rmSync(profile, { recursive: true, force: true, maxRetries: 5 }));
  const browser = own.browser();
  if (browser === null) throw new Error('Chromium has started without a browser.');
  browser.once('disconnected', () => running.delete(cookies));
  return browser;
}

const SHOTS = fileURLToPath(new URL('../../test-output/screenshots/', import.meta.url));

const SHOT_ATTEMPTS = 4;

/** For the people who build it to look at. Chromium at times has no frame to give, on a machine with much to do: the next one serves. */
export async function shoot(page: Page, name: string): Promise<void> {
  await mkdir(SHOTS, { recursive: true });
  for (let attempt = 1; ; attempt++) {
    try {
      await page.screenshot({ path: join(SHOTS, `${name}.png`) });
      return;
    } catch (error) {
      if (attempt === SHOT_ATTEMPTS || !String(error).includes('Unable to capture screenshot')) throw error;
      await page.waitForTimeout(250 * attempt);
    }
  }
}
