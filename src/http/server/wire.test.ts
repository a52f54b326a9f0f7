import { describe, expect, it } from 'vitest';
import type { WholeReply } from './exchange.ts';
import { sealReply, wireOf } from './wire.ts';

const MANNER = { idleSeconds: 65, always: { server: 'vitrine' } };
const NOON = Date.parse('2026-11-22T12:00:00Z');
const TILE: WholeReply = { status: 200, headers: { 'content-type': 'image/jpeg' }, body: Uint8Array.of(1, 2, 3) };

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

describe('a sealed reply', () => {
  it('is written once, and tells the time of each answer', () => {
    const sealed = sealReply(TILE, MANNER);
    const first = wireOf(sealed, MANNER, NOON);
    expect(textOf(first)).toContain('Date: Sun, 22 Nov 2026 12:00:00 GMT');
    const later = wireOf(sealed, MANNER, NOON + 1000);
    expect(later).toBe(first);
    expect(textOf(later)).toContain('Date: Sun, 22 Nov 2026 12:00:01 GMT');
  });

  it('goes over the wire as the reply that it was made of does, and has a part of these bytes for a body', () => {
    const sealed = sealReply(TILE, MANNER);
    expect(textOf(wireOf(sealed, MANNER, NOON))).toBe(textOf(wireOf(TILE, MANNER, NOON)));
    expect(sealed).toMatchObject({ status: 200, headers: TILE.headers });
    expect(sealed.body).toEqual(Buffer.from([1, 2, 3]));
    expect((sealed.body as Uint8Array).buffer).toBe(wireOf(sealed, MANNER, NOON).buffer);
  });

  it('is none any more when something of it was changed', () => {
    const changed = { ...sealReply(TILE, MANNER), headers: { 'content-type': 'image/png' } };
    expect(textOf(wireOf(changed, MANNER, NOON))).toContain('image/png');
    expect(sealReply({ status: 304, headers: {}, body: null }, MANNER).body).toBeNull();
  });
});
