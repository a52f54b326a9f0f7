import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

const FLAGS = [
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

/** A browser of its own with a fresh profile. */
export async function launchChromium(cookies: ThirdPartyCookies = 'allowed', language = 'en'): Promise<TestBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'vitrine-chromium-'));
  await mkdir(join(profile, 'Default'));
  const preferences = { profile: { cookie_controls_mode: COOKIE_CONTROLS[cookies] } };
  await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumFile ?? '',
    headless: true,
    args: FLAGS,
    locale: language,
    viewport: { width: 1000, height: 760 },
    ignoreHTTPSErrors: true,
  });
  return {
    context,
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
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
