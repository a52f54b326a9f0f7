import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

/** A certificate, with those between it and its authority, and its key. */
export interface Certificate {
  /** PEM. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
}

export interface CertificateFacts {
  readonly beginsAt: Date;
  readonly endsAt: Date;
  /** Whether a server of this name, or at this address, may show it. */
  covers(name: string): boolean;
}

const DAY_MILLISECONDS = 86_400_000;
/** Enough to find out why it was not renewed. Short-lived certificates have less: a sixth of their life. */
const WARN_DAYS = 14;
const WARN_SHARE = 1 / 6;

/** @throws where `cert` holds none. */
export function factsOf({ cert }: Pick<Certificate, 'cert'>): CertificateFacts {
  const parsed = new X509Certificate(cert);
  return {
    beginsAt: parsed.validFromDate,
    endsAt: parsed.validToDate,
    covers: (name) => (isIP(name) === 0 ? parsed.checkHost(name) : parsed.checkIP(name)) !== undefined,
  };
}

/** Days until it ends; fewer than none where it has. */
export function daysLeft({ endsAt }: CertificateFacts, now: Date): number {
  return (endsAt.getTime() - now.getTime()) / DAY_MILLISECONDS;
}

/** Whether somebody should be told that it ends. */
export function endsSoon(facts: CertificateFacts, now: Date): boolean {
  const lifeDays = (facts.endsAt.getTime() - facts.beginsAt.getTime()) / DAY_MILLISECONDS;
  return daysLeft(facts, now) < Math.min(WARN_DAYS, lifeDays * WARN_SHARE);
}
