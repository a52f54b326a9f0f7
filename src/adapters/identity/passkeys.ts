/** https://www.w3.org/TR/webauthn-3/#sctn-rp-operations */
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { Passkey, Passkeys } from '../../domain/second-factor.ts';

/** Loaded when it is first needed: it is a fifth of what the server would load at its start. */
const library = () => import('@simplewebauthn/server');

/** Longer than anybody looks for a key; the page may be open for as long. */
const TIMEOUT_MILLISECONDS = 300_000;

/** Ed25519, ES256 and RS256, which between them every authenticator knows. https://www.iana.org/assignments/cose/cose.xhtml#algorithms */
const ALGORITHMS = [-8, -7, -257];

export function createPasskeys(): Passkeys {
  return {
    registration: async (site, user, known, challenge) =>
      (await library()).generateRegistrationOptions({
        rpName: 'Vitrine',
        rpID: site.host,
        userName: user.name,
        userID: bytesOf(Buffer.from(user.id)),
        challenge: bytesOf(Buffer.from(challenge, 'base64url')),
        timeout: TIMEOUT_MILLISECONDS,
        attestationType: 'none',
        supportedAlgorithmIDs: ALGORITHMS,
        excludeCredentials: known.map(described),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
      }),

    request: async (site, known, challenge) =>
      (await library()).generateAuthenticationOptions({
        rpID: site.host,
        challenge: bytesOf(Buffer.from(challenge, 'base64url')),
        timeout: TIMEOUT_MILLISECONDS,
        allowCredentials: (known ?? []).map(described),
        userVerification: known === null ? 'required' : 'preferred',
      }),

    async checkRegistration(site, answer, challenge) {
      const { verifyRegistrationResponse } = await library();
      const checked = await verifyRegistrationResponse({
        response: answer as RegistrationResponseJSON,
        expectedChallenge: challenge,
        expectedOrigin: site.origin,
        expectedRPID: site.host,
        requireUserVerification: false,
        supportedAlgorithmIDs: ALGORITHMS,
      }).catch(() => null);
      if (checked?.verified !== true) return null;
      const { id, publicKey, counter, transports = [] } = checked.registrationInfo.credential;
      return { credentialId: id, publicKey: Buffer.from(publicKey).toString('base64url'), counter, transports };
    },

    credentialOf(answer) {
      const { id } = (answer ?? {}) as { readonly id?: unknown };
      return typeof id === 'string' ? id : null;
    },

    async check(site, answer, challenge, passkey) {
      const { verifyAuthenticationResponse } = await library();
      const checked = await verifyAuthenticationResponse({
        response: answer as AuthenticationResponseJSON,
        expectedChallenge: challenge,
        expectedOrigin: site.origin,
        expectedRPID: site.host,
        requireUserVerification: false,
        credential: {
          id: passkey.credentialId,
          publicKey: bytesOf(Buffer.from(passkey.publicKey, 'base64url')),
          counter: passkey.counter,
        },
      }).catch(() => null);
      if (checked?.verified !== true) return null;
      return { counter: checked.authenticationInfo.newCounter, userVerified: checked.authenticationInfo.userVerified };
    },
  };
}

function described({ credentialId, transports }: Passkey) {
  return { id: credentialId, transports: [...transports] };
}

/** The library wants bytes with a buffer of their own. */
function bytesOf(buffer: Buffer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer);
}
