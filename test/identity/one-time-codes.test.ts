import { describe, expect, it } from 'vitest';
import { createOneTimeCodes } from '../../src/adapters/identity/one-time-codes.ts';

const codes = createOneTimeCodes();
/** `12345678901234567890`, as in RFC 6238, appendix B. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

const at = (seconds: number) => new Date(seconds * 1000);

describe('one-time codes', () => {
  it.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1234567890, '005924'],
    [20000000000, '353130'],
  ])('are those of RFC 6238: at %i, %s', (seconds, code) => {
    expect(codes.stepOf(SECRET, code, at(seconds))).toBe(Math.floor(seconds / 30));
  });

  it('count one step before and after, and tell which step it is', () => {
    expect(codes.stepOf(SECRET, '287082', at(59 + 30))).toBe(1);
    expect(codes.stepOf(SECRET, '287082', at(59 - 30))).toBe(1);
    expect(codes.stepOf(SECRET, '287082', at(59 + 60))).toBeNull();
    expect(codes.stepOf(SECRET, '287082', at(59 + 3600))).toBeNull();
  });

  it.each(['', '28708', '2870820', '28708a', '２８７０８２', '-87082', '1e5'])('are six digits, not %j', (code) => {
    expect(codes.stepOf(SECRET, code, at(59))).toBeNull();
  });

  it('may be typed with a space, as apps show them', () => expect(codes.stepOf(SECRET, ' 287 082', at(59))).toBe(1));

  it('have a secret of 160 bits, another one each time, in an address that apps read', () => {
    const secrets = [codes.newSecret(), codes.newSecret()];
    expect(new Set(secrets).size).toBe(2);
    expect(secrets[0]).toMatch(/^[A-Z2-7]{32}$/);
    const uri = codes.address(SECRET, { issuer: 'Vitrine iiif.example.org', account: 'anna & bert' });
    expect(uri).toBe(
      `otpauth://totp/Vitrine%20iiif.example.org:anna%20%26%20bert?issuer=Vitrine%20iiif.example.org&secret=${SECRET}&algorithm=SHA1&digits=6&period=30`,
    );
  });
});
