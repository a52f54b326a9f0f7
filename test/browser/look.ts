/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { findings } from './axe.ts';
import { shoot } from './chromium.ts';

const WIDE = { width: 1200, height: 860 };
const SIZES = [WIDE, { width: 360, height: 740 }];

/** What axe finds wrong on a page, by day and by night, on wide and narrow screens; nothing is wider than the screen. */
export async function look(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const size of SIZES) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(size);
      await shoot(page, `${name}-${colorScheme}-${size.width}`);
      expect(await findings(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(WIDE);
}
