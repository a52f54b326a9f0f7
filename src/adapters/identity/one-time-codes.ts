/** https://www.rfc-editor.org/rfc/rfc6238 with what every app knows: SHA-1, six digits, 30 seconds. */
import { Secret, TOTP } from 'otpauth';
import type { OneTimeCodes } from '../../domain/second-factor.ts';

const PERIOD_SECONDS = 30;
const DIGITS = 6;
/** RFC 4226 §4: 160 bits. */
const SECRET_BYTES = 20;
/** RFC 6238 §5.2: at most one step for the time on the way, and for clocks that differ. */
const DRIFT_STEPS = 1;

export function createOneTimeCodes(): OneTimeCodes {
  const totp = (secret: string, label = {}) =>
    new TOTP({ ...label, secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: DIGITS, period: PERIOD_SECONDS });
  return {
    newSecret: () => new Secret({ size: SECRET_BYTES }).base32,
    stepOf(secret, code, at) {
      const token = code.replaceAll(/\s/g, '');
      if (!/^[0-9]{6}$/.test(token)) return null;
      const off = totp(secret).validate({ token, timestamp: at.getTime(), window: DRIFT_STEPS });
      return off === null ? null : Math.floor(at.getTime() / 1000 / PERIOD_SECONDS) + off;
    },
    address: (secret, { issuer, account }) => totp(secret, { issuer, label: account }).toString(),
  };
}
