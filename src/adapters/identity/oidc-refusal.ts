import { errors as jose } from 'jose';
import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import {
  type IdentityRefusalCode,
  type IdentityRefused,
  type IdentityUnavailable,
  identityRefused,
  identityUnavailable,
} from '../../domain/identity.ts';
import { SourceSilent } from './ask-source.ts';

type NotIdentified = IdentityRefused | IdentityUnavailable;

/** What the two libraries threw, in our words. What is no answer of a provider at all is thrown again. */
export function refusalOf(error: unknown): NotIdentified {
  const silent = causesOf(error).find((cause) => cause instanceof SourceSilent);
  if (silent !== undefined) return identityUnavailable(silent.message);
  if (error instanceof AuthorizationResponseError) return judgeAuthorizationError(error);
  if (error instanceof ResponseBodyError) return judgeTokenError(error);
  if (error instanceof jose.JOSEError) return judgeTokenOfLibrary(error);
  if (error instanceof ClientError) return judgeClientError(error);
  throw error;
}

/** https://openid.net/specs/openid-connect-core-1_0.html#AuthError */
const BROKEN_OFF = ['access_denied', 'login_required', 'consent_required', 'interaction_required', 'account_selection_required'];
const LATER = ['server_error', 'temporarily_unavailable'];

function judgeAuthorizationError({ error, error_description: description }: AuthorizationResponseError): NotIdentified {
  const detail = `the provider said ${error}: ${shorten(description)}`;
  if (LATER.includes(error)) return identityUnavailable(detail);
  return identityRefused(BROKEN_OFF.includes(error) ? 'identity.cancelled' : 'identity.message', detail);
}

/** https://www.rfc-editor.org/rfc/rfc6749#section-5.2. Only `invalid_grant` is about this sign-in; the others are about how we are set up. */
function judgeTokenError({ error, error_description: description, status }: ResponseBodyError): NotIdentified {
  const detail = `the token endpoint said ${status} ${error}: ${shorten(description)}`;
  return error === 'invalid_grant' ? identityRefused('identity.expired', detail) : identityUnavailable(detail);
}

/** By the claim that is wrong. */
const CLAIMS: Readonly<Record<string, IdentityRefusalCode>> = {
  iss: 'identity.issuer',
  aud: 'identity.audience',
  azp: 'identity.audience',
  nonce: 'identity.state',
  exp: 'identity.expired',
  nbf: 'identity.expired',
  iat: 'identity.expired',
};

function judgeClientError(error: ClientError): NotIdentified {
  const facts: readonly Readonly<Record<string, unknown>>[] = causesOf(error).map((cause) => ({ ...cause }));
  const detail = [error.message, ...causesOf(error).map(({ message }) => message)].filter((text) => text !== undefined).join(': ');
  const response = causesOf(error).find((cause) => cause instanceof Response);
  if (response !== undefined) return identityUnavailable(`${detail}: ${response.status} ${response.headers.get('content-type') ?? ''}`);
  if (error.code === 'OAUTH_TIMEOUT' || error.code === 'OAUTH_ABORT') return identityUnavailable(detail);
  if (facts.some((each) => each['attribute'] === 'sub'))
    return identityRefused('identity.message', `userinfo is about somebody else: ${detail}`);
  if (SET_UP.includes(error.code ?? '')) return identityUnavailable(detail);
  const claim = facts.map((each) => each['claim']).find((each) => typeof each === 'string');
  if (typeof claim === 'string') return identityRefused(CLAIMS[claim] ?? 'identity.message', detail);
  const unsigned = error.code === 'OAUTH_KEY_SELECTION_FAILED' || facts.some((each) => 'signature' in each || 'header' in each);
  return identityRefused(unsigned ? 'identity.signature' : 'identity.message', detail);
}

/** The provider says about itself what cannot be. */
const SET_UP = [
  'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
  'OAUTH_MISSING_SERVER_METADATA',
  'OAUTH_INVALID_SERVER_METADATA',
  'OAUTH_HTTP_REQUEST_FORBIDDEN',
  'OAUTH_REQUEST_PROTOCOL_FORBIDDEN',
];

function judgeTokenOfLibrary(error: jose.JOSEError): NotIdentified {
  const detail = `${error.code}: ${error.message}`;
  if (error instanceof jose.JWTExpired) return identityRefused('identity.expired', detail);
  if (error instanceof jose.JWTClaimValidationFailed) return identityRefused(CLAIMS[error.claim] ?? 'identity.message', detail);
  if (error instanceof jose.JWKSTimeout || error.code === 'ERR_JOSE_GENERIC' || error instanceof jose.JWKSInvalid)
    return identityUnavailable(detail);
  const malformed = error instanceof jose.JWTInvalid || error instanceof jose.JWSInvalid;
  return identityRefused(malformed ? 'identity.message' : 'identity.signature', detail);
}

/** The error and what caused it, and so on; causes of the libraries are not always errors. */
function causesOf(error: unknown): readonly Error[] {
  const causes: Error[] = [];
  let next: unknown = error;
  while (typeof next === 'object' && next !== null && causes.length < 10) {
    causes.push(next as Error);
    next = (next as Error).cause;
  }
  return causes;
}

function shorten(text: string | undefined): string {
  return (text ?? 'nothing more').replace(/\p{Cc}/gu, ' ').slice(0, 300);
}
