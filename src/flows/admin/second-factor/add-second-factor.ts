import type { PasskeySite } from '../../../domain/second-factor.ts';
import type { Admin } from '../find-admin.ts';
import { sealPurpose } from './check-second-factor.ts';
import { newChallenge, takeChallenge } from './passkey-challenge.ts';
import { readJson } from './read-json.ts';
import { makeRecoveryCodes } from './recovery-codes.ts';
import { openFor, sealFor } from './sealed-text.ts';
import type { SecondFactorDeps } from './second-factor-deps.ts';

/** Long enough to find the phone and install an app. */
const SETUP_MINUTES = 30;
const LONGEST_NAME = 60;

/** What an administrator who adds one-time codes is shown. */
export interface OneTimeCodesOffer {
  /** Base32, for those who cannot take a picture. */
  readonly secret: string;
  /** For the QR code. */
  readonly uri: string;
  /** Comes back with the form: nothing is kept until a code proves that the app has it. */
  readonly sealed: string;
}

export type AddedSecondFactor =
  /** `recoveryCodes`: with the first factor; null with each further one. */
  | { readonly kind: 'added'; readonly recoveryCodes: readonly string[] | null }
  | { readonly kind: 'not-accepted'; readonly sentence: string };

export function offerOneTimeCodes(deps: SecondFactorDeps, { user }: Admin, host: string, former: string | null): OneTimeCodesOffer {
  const until = deps.clock.now().getTime() + SETUP_MINUTES * 60_000;
  const secret = (former === null ? null : readOffer(deps, user.id, former)) ?? deps.oneTimeCodes.newSecret();
  const uri = deps.oneTimeCodes.address(secret, { issuer: `Vitrine ${host}`, account: user.name });
  return { secret, uri, sealed: sealFor(deps.sealer, offerPurpose(user.id), `${until} ${secret}`) };
}

export async function addOneTimeCodes(
  deps: SecondFactorDeps,
  admin: Admin,
  given: { readonly sealed: string; readonly code: string; readonly name: string; readonly address: string },
): Promise<AddedSecondFactor> {
  const { user } = admin;
  const secret = readOffer(deps, user.id, given.sealed);
  if (secret === null) return notAccepted('The page was open for too long. Here is a new code to take a picture of.');
  const at = deps.clock.now();
  const step = deps.oneTimeCodes.stepOf(secret, given.code, at);
  if (step === null) return notAccepted('This is not the code that the app shows now. Is the clock of your phone right?');
  const name = nameOf(given.name, 'App');
  const added = await withRecovery(deps, admin, given.address, async () => {
    await deps.secondFactors.addOneTimeCodes(user.id, { name, sealedSecret: sealFor(deps.sealer, sealPurpose(user), secret), step, at });
    return true;
  });
  return added ?? notAccepted('The app could not be added.');
}

/** What the browser is asked, as JSON, and the challenge that comes back with the form. */
export async function offerPasskey(
  deps: SecondFactorDeps,
  { user }: Admin,
  site: PasskeySite,
): Promise<{ readonly options: object; readonly challenge: string }> {
  const { challenge, field } = newChallenge(deps, { purpose: 'register', subject: user.id });
  const known = await deps.secondFactors.listPasskeys(user.id);
  return { options: await deps.passkeys.registration(site, user, known, challenge), challenge: field };
}

export async function addPasskey(
  deps: SecondFactorDeps,
  admin: Admin,
  given: {
    readonly site: PasskeySite;
    readonly answer: string;
    readonly challenge: string;
    readonly name: string;
    readonly address: string;
  },
): Promise<AddedSecondFactor> {
  const { user } = admin;
  const challenge = await takeChallenge(deps, { purpose: 'register', subject: user.id }, given.challenge);
  const passkey = challenge === null ? null : await deps.passkeys.checkRegistration(given.site, readJson(given.answer), challenge);
  if (passkey === null) return notAccepted('The passkey could not be checked. Please try once more.');
  const at = deps.clock.now();
  const name = nameOf(given.name, 'Passkey');
  const added = await withRecovery(deps, admin, given.address, async () => {
    return (await deps.secondFactors.addPasskey(user.id, { ...passkey, name, at })) !== null;
  });
  return added ?? notAccepted('This passkey is registered already.');
}

/** With the first factor come recovery codes; and other sessions end, which were opened without one. */
async function withRecovery(
  deps: SecondFactorDeps,
  { user, session }: Admin,
  address: string,
  add: () => Promise<boolean>,
): Promise<AddedSecondFactor | null> {
  const isFirst = (await deps.secondFactors.list(user.id)).length === 0;
  if (!(await add())) return null;
  await deps.audit.record({ action: 'second-factor.added', actor: user.name, address, target: user.name });
  if (!isFirst) return { kind: 'added', recoveryCodes: null };
  for (const { id } of await deps.adminSessions.list(user.id)) {
    if (id !== session.id) await deps.adminSessions.remove(id);
  }
  return { kind: 'added', recoveryCodes: await makeRecoveryCodes(deps, user, address) };
}

function readOffer(deps: SecondFactorDeps, userId: string, sealed: string): string | null {
  const [until = '', secret = ''] = openFor(deps.sealer, offerPurpose(userId), sealed)?.split(' ') ?? [];
  return secret !== '' && Number(until) > deps.clock.now().getTime() ? secret : null;
}

function offerPurpose(userId: string): string {
  return `offer of one-time codes to ${userId}`;
}

function nameOf(typed: string, otherwise: string): string {
  return typed.trim().slice(0, LONGEST_NAME) || otherwise;
}

function notAccepted(sentence: string): AddedSecondFactor {
  return { kind: 'not-accepted', sentence };
}
