import { expect, it } from 'vitest';
import type { Sealer } from '../../../domain/sign-on.ts';
import { openFor, sealFor } from './sealed-text.ts';

const open: Sealer = { seal: (text) => text, open: (sealed) => sealed };

it('a sealed text is opened for its own purpose alone', () => {
  const sealed = sealFor(open, 'one-time codes of usr_1', 'a\nb');
  expect(openFor(open, 'one-time codes of usr_1', sealed)).toBe('a\nb');
  for (const other of ['one-time codes of usr_2', 'one-time codes of usr_', 'one-time codes of usr_1\na', '']) {
    expect(openFor(open, other, sealed)).not.toBe('a\nb');
  }
  expect(openFor({ ...open, open: () => null }, 'x', 'y')).toBeNull();
});
