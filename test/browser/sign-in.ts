/// <reference lib="dom" />
import type { BrowserContext, Page } from 'playwright-core';
import { PASSWORDS } from '../harness/vitrine.ts';

/** As if the reader had allowed our cookies in that viewer before, in the browser's own prompt. */
export async function grantStorageAccess(context: BrowserContext, page: Page, viewer: string, vitrine: string): Promise<void> {
  const devtools = await context.newCDPSession(page);
  const { browserContextId = '' } = (await devtools.send('Target.getTargetInfo')).targetInfo;
  await devtools.send('Browser.setPermission', {
    permission: { name: 'storage-access' },
    setting: 'granted',
    origin: viewer,
    embeddedOrigin: vitrine,
    browserContextId,
  });
}

/** What a viewer does with an access service: a window, in which the reader signs in, and which closes itself. */
export async function signInByWindow(page: Page, vitrine: string, service = 'members'): Promise<void> {
  const uri = await page.evaluate(([base, name]) => `${base}/auth/access/${name}?origin=${location.origin}`, [vitrine, service] as const);
  const [window] = await Promise.all([page.waitForEvent('popup'), page.evaluate((target) => void open(target), uri)]);
  await fillIn(window);
}

export async function fillIn(window: Page): Promise<void> {
  await window.fill('input[name="user"]', 'reader');
  await window.fill('input[name="password"]', PASSWORDS.reader);
  await Promise.all([window.waitForEvent('close'), window.click('button[type="submit"]')]);
}

/** The message of the token service, by a hidden frame. */
export function requestToken(page: Page, vitrine: string, version: 1 | 2, service = 'members'): Promise<Record<string, unknown>> {
  return page.evaluate(
    (token) =>
      new Promise<Record<string, unknown>>((resolve) => {
        const frame = document.createElement('iframe');
        frame.src = `${token}?messageId=1&origin=${location.origin}`;
        addEventListener('message', ({ data, source }) => {
          if (source !== frame.contentWindow) return;
          frame.remove();
          resolve(data as Record<string, unknown>);
        });
        document.body.append(frame);
      }),
    `${vitrine}/auth/token/${version}/${service}`,
  );
}
