import type { UserId } from './session.ts';

export type SecondFactorId = `fac_${string}`;

/** What an administrator proves who it is with, beside the password. */
export interface SecondFactor {
  readonly id: SecondFactorId;
  readonly kind: 'one-time-codes' | 'passkey';
  /** What the administrator calls it. */
  readonly name: string;
  readonly createdAt: Date;
  readonly usedAt: Date | null;
}

/** A passkey as it is kept. */
export interface Passkey {
  readonly id: SecondFactorId;
  readonly userId: UserId;
  /** Base64url, as the authenticator names it. */
  readonly credentialId: string;
  /** COSE, base64url. */
  readonly publicKey: string;
  /** Of signatures made, as far as the authenticator counts them; 0 where it does not. */
  readonly counter: number;
  readonly transports: readonly string[];
}

export type NewPasskey = Pick<Passkey, 'credentialId' | 'publicKey' | 'counter' | 'transports'>;

export interface SecondFactorStore {
  /** Of one user, the oldest first. */
  list(userId: UserId): Promise<readonly SecondFactor[]>;
  /** `step`: of the code that proved it; none up to it counts again. */
  addOneTimeCodes(userId: UserId, factor: { name: string; sealedSecret: string; step: number; at: Date }): Promise<SecondFactor>;
  /** Null where this authenticator is registered already. */
  addPasskey(userId: UserId, factor: NewPasskey & { name: string; at: Date }): Promise<SecondFactor | null>;
  listOneTimeCodes(userId: UserId): Promise<ReadonlyArray<{ readonly id: SecondFactorId; readonly sealedSecret: string }>>;
  /** False where this step, or a later one, was used before: of two who send one code, one gets in. */
  useStep(id: SecondFactorId, step: number, at: Date): Promise<boolean>;
  listPasskeys(userId: UserId): Promise<readonly Passkey[]>;
  findPasskey(credentialId: string): Promise<Passkey | null>;
  /** False where the counter has not moved, although the authenticator counts: somebody has a copy. */
  useCounter(id: SecondFactorId, counter: number, at: Date): Promise<boolean>;
  remove(userId: UserId, id: SecondFactorId): Promise<SecondFactor | null>;
  /** Every factor and every recovery code. Tells how many factors there were. */
  removeAll(userId: UserId): Promise<number>;
  /** In the place of all that there were. */
  setRecoveryCodes(userId: UserId, hashes: readonly string[]): Promise<void>;
  /** Uses it up; false where there is none such. */
  useRecoveryCode(userId: UserId, hash: string): Promise<boolean>;
  countRecoveryCodes(userId: UserId): Promise<number>;
}

/** One-time codes by time, as apps make them. https://www.rfc-editor.org/rfc/rfc6238 */
export interface OneTimeCodes {
  /** Base32. */
  newSecret(): string;
  /** The step whose code this is, of now or one beside it, since clocks differ; null for none. */
  stepOf(secret: string, code: string, at: Date): number | null;
  /** What apps read from a QR code. https://github.com/google/google-authenticator/wiki/Key-Uri-Format */
  address(secret: string, label: { readonly issuer: string; readonly account: string }): string;
}

/** Who asks for a passkey: our own origin, and its host. */
export interface PasskeySite {
  readonly origin: string;
  readonly host: string;
}

/** Passkeys: what a browser is asked, and whether its answer is right. https://www.w3.org/TR/webauthn-3/ */
export interface Passkeys {
  /** For `navigator.credentials.create()`, as JSON. `challenge` is base64url. */
  registration(
    site: PasskeySite,
    user: { readonly id: UserId; readonly name: string },
    known: readonly Passkey[],
    challenge: string,
  ): Promise<object>;
  /** For `navigator.credentials.get()`, as JSON. Without `known`, any passkey of the site, with the user verified. */
  request(site: PasskeySite, known: readonly Passkey[] | null, challenge: string): Promise<object>;
  /** Null for an answer that is none, or wrong. */
  checkRegistration(site: PasskeySite, answer: unknown, challenge: string): Promise<NewPasskey | null>;
  /** Which passkey answers, by what the answer says; null where it says nothing. */
  credentialOf(answer: unknown): string | null;
  check(
    site: PasskeySite,
    answer: unknown,
    challenge: string,
    passkey: Passkey,
  ): Promise<{ readonly counter: number; readonly userVerified: boolean } | null>;
}
