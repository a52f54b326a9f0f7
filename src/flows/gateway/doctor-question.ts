import type { Randomness, Signer } from '../../domain/ports.ts';
import { decodeBase64Url, encodeBase64Url } from '../../lib/base64url.ts';

/** What `vitrine gateway doctor` sends along with a request, so that the gateway tells what has become of it on the way. */
export interface DoctorQuestion {
  readonly nonce: string;
  readonly endsAt: Date;
  /** Path and query as they were sent. */
  readonly uri: string;
  /** An address that no visitor has, sent as if one had written it into `X-Forwarded-For`. */
  readonly forged: string;
}

export const DOCTOR_HEADER = 'vitrine-doctor';
/** Its value is the nonce. */
export const DOCTOR_COOKIE = 'vitrine-doctor';

const PURPOSE = 'gateway doctor';

/** Text that only those can write who may read the data folder. */
export function writeDoctorQuestion(question: DoctorQuestion, signer: Signer): string {
  const text = encodeBase64Url(JSON.stringify(question));
  return `${text}.${signer.sign(PURPOSE, text)}`;
}

/** Null for what is none, or is over. */
export function readDoctorQuestion(
  written: string | null,
  { signer, randomness, now }: { readonly signer: Signer; readonly randomness: Pick<Randomness, 'equal'>; readonly now: Date },
): DoctorQuestion | null {
  const [text = '', signature = '', ...rest] = (written ?? '').split('.');
  if (rest.length > 0 || !randomness.equal(signature, signer.sign(PURPOSE, text))) return null;
  // Nobody else could sign, so that it is in the form in which it was written.
  const { endsAt, ...others } = JSON.parse(decodeBase64Url(text) ?? '') as Omit<DoctorQuestion, 'endsAt'> & { readonly endsAt: string };
  const question = { ...others, endsAt: new Date(endsAt) };
  return now < question.endsAt ? question : null;
}
