import { describe, expect, it } from 'vitest';
import { createSealer } from '../../src/adapters/system/sealer.ts';

describe('what is sealed', () => {
  const sealer = createSealer('the secret of a server');

  it('is read by this server alone, and never looks the same', () => {
    const sealed = sealer.seal('eyJ… an ID token, and a name: Renée');
    expect(sealer.open(sealed)).toBe('eyJ… an ID token, and a name: Renée');
    expect(sealer.seal('eyJ…')).not.toBe(sealer.seal('eyJ…'));
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('ID token');
    expect(createSealer('the secret of another').open(sealed)).toBeNull();
  });

  it('is nothing any more once any letter of it has changed', () => {
    const sealed = sealer.seal('a text');
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'Q' : 'A'}${sealed.slice(at + 1)}`;
      // The last letter of base64url may have bits that no byte is made of.
      const same = Buffer.from(changed, 'base64url').equals(Buffer.from(sealed, 'base64url'));
      expect(sealer.open(changed)).toBe(same ? 'a text' : null);
    }
    expect([sealer.open(''), sealer.open('short'), sealer.open('ü'.repeat(60))]).toEqual([null, null, null]);
  });
});
