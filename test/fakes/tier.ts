import type { Tier } from '../../src/domain/access.ts';

/** For everyone, and nothing less than the item: tests add what it is about. */
export const PLAIN_TIER: Tier = {
  name: 'low',
  label: null,
  for: 'everyone',
  item: null,
  maxSize: null,
  maxOutput: null,
  gray: false,
  watermark: null,
  blur: [],
  blackout: [],
};
