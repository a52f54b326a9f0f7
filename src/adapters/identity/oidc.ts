/**
 * OpenID Connect: authorization code flow with PKCE.
 * https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth
 * https://openid.net/specs/openid-connect-discovery-1_0.html
 * https://openid.net/specs/openid-connect-rpinitiated-1_0.html
 * https://openid.net/specs/openid-connect-backchannel-1_0.html
 */
import { createRemoteJWKSet, customFetch as customFetchOfJose, type JWTVerifyGetKey, jwtVerify } from 'jose';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  clockTolerance,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
  type TokenEndpointResponse,
  type TokenEndpointResponseHelpers,
} from 'openid-client';
import { z } from 'zod';
import type { OidcSettings } from '../../config/identity-sources.ts';
import {
  type IdentityOutcome,
  type IdentityRefused,
  identify,
  identityRefused,
  type LogoutMessage,
  type OneTimeIds,
  type OutsideRequest,
  type PendingSignIn,
  type RedirectIdentitySource,
} from '../../domain/identity.ts';
import type { Clock, Randomness } from '../../domain/ports.ts';
import { askSource, type Question } from './ask-source.ts';
import { claimsToAttributes } from './claims.ts';
import { refusalOf } from './oidc-refusal.ts';
import { singleParameter } from './single-parameter.ts';

/** A provider that changes its endpoints tells nobody; its keys are asked for anew when one is unknown. */
const CONFIGURATION_MINUTES = 60;

/** A code lives for a minute or ten. */
const CODE_MINUTES = 60;

const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';

const SECRETS = z.object({ verifier: z.string(), nonce: z.string() });

interface OidcParts {
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly oneTimeIds: OneTimeIds;
}

interface Provider {
  readonly configuration: Configuration;
  readonly keys: JWTVerifyGetKey;
  readonly until: number;
}

export function createOidcSource(settings: OidcSettings, { clock, randomness, oneTimeIds }: OidcParts): RedirectIdentitySource {
  const find = rememberProvider(settings, clock);

  async function redeem(request: OutsideRequest, pending: PendingSignIn, callback: string): Promise<IdentityOutcome> {
    const parameters = new URLSearchParams(request.query);
    const secrets = SECRETS.safeParse(parseJson(pending.secrets));
    if (!secrets.success) return identityRefused('identity.state', 'the secrets of the pending sign-in are of another kind');
    const issuer = parameters.has('iss') ? singleParameter(parameters, 'iss') : settings.issuer;
    const { configuration } = await find();
    if (issuer !== configuration.serverMetadata().issuer) return identityRefused('identity.issuer', 'the answer names another issuer');
    if (!(await spendCode(singleParameter(parameters, 'code')))) return identityRefused('identity.replayed', 'the code was used before');
    const answer = await authorizationCodeGrant(configuration, new URL(`${callback}?${request.query}`), {
      pkceCodeVerifier: secrets.data.verifier,
      expectedNonce: secrets.data.nonce,
      expectedState: pending.key,
      idTokenExpected: true,
    });
    return readTokens(configuration, answer);
  }

  /** An answer without a code is an error of the provider, which the library reads. */
  async function spendCode(code: string | null): Promise<boolean> {
    const until = new Date(clock.now().getTime() + CODE_MINUTES * 60_000);
    return code === null || oneTimeIds.spend(`oidc:${settings.name}:${randomness.hash(code)}`, until);
  }

  async function readTokens(
    configuration: Configuration,
    answer: TokenEndpointResponse & TokenEndpointResponseHelpers,
  ): Promise<IdentityOutcome> {
    const claims = answer.claims();
    if (claims === undefined) return identityRefused('identity.message', 'there is no ID token');
    const asked = settings.userInfo && configuration.serverMetadata().userinfo_endpoint !== undefined;
    const more = asked ? await fetchUserInfo(configuration, answer.access_token, claims.sub) : {};
    const attributes = claimsToAttributes({ ...more, ...claims });
    const sessionIndex = typeof claims['sid'] === 'string' ? claims['sid'] : null;
    return identify(
      { source: settings.name, subject: claims.sub, attributes, sessionIndex, logoutHint: answer.id_token ?? null },
      settings,
    );
  }

  /** Back-Channel Logout §2.6 */
  async function readLogoutToken(token: string): Promise<LogoutMessage | IdentityRefused> {
    const { configuration, keys } = await find();
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer: configuration.serverMetadata().issuer,
      audience: settings.clientId,
      algorithms: [settings.algorithm],
      clockTolerance: settings.clockSkewSeconds,
      currentDate: clock.now(),
      requiredClaims: ['iss', 'aud', 'iat', 'exp', 'jti', 'events'],
    });
    const { events, sub, sid, jti = '', exp = 0, nonce } = payload;
    const type = protectedHeader.typ?.toLowerCase().replace(/^application\//, '') ?? 'logout+jwt';
    if (!['logout+jwt', 'jwt'].includes(type)) return identityRefused('identity.message', `the token is of type ${type}`);
    if (typeof events !== 'object' || events === null || !Object.hasOwn(events, LOGOUT_EVENT))
      return identityRefused('identity.message', 'the token is about no logout');
    if (nonce !== undefined) return identityRefused('identity.message', 'the token has a nonce, as ID tokens have');
    const [subject, sessionIndexes] = [sub ?? null, typeof sid === 'string' ? [sid] : []];
    if (subject === null && sessionIndexes.length === 0)
      return identityRefused('identity.message', 'the token names neither subject nor session');
    const until = new Date((exp + settings.clockSkewSeconds) * 1000);
    if (!(await oneTimeIds.spend(`oidc:${settings.name}:logout:${jti}`, until)))
      return identityRefused('identity.replayed', 'the token was used before');
    return { outcome: 'logout', subject, sessionIndexes, replyUrl: null };
  }

  return {
    flow: 'redirect',
    name: settings.name,

    async start({ callback }) {
      try {
        const { configuration } = await find();
        const [key, verifier, nonce] = [randomness.token(24), randomness.token(48), randomness.token(24)];
        const url = buildAuthorizationUrl(configuration, {
          redirect_uri: callback,
          scope: settings.scopes.join(' '),
          state: key,
          nonce,
          code_challenge: await calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
        });
        return { outcome: 'started', url: url.href, pending: { key, secrets: JSON.stringify({ verifier, nonce }) } };
      } catch (error) {
        const { privateDetail } = refusalOf(error);
        return { outcome: 'unavailable', privateDetail };
      }
    },

    findKey: ({ query }) => singleParameter(new URLSearchParams(query), 'state'),

    async finish(request, pending, { callback }) {
      const state = singleParameter(new URLSearchParams(request.query), 'state');
      if (pending === null || state !== pending.key) return identityRefused('identity.state', 'no sign-in is pending');
      return redeem(request, pending, callback).catch(refusalOf);
    },

    async logoutUrl(hint, returnTo) {
      const provider = await find().catch(() => null);
      if (provider?.configuration.serverMetadata().end_session_endpoint === undefined) return null;
      const token = hint === null ? {} : { id_token_hint: hint };
      return buildEndSessionUrl(provider.configuration, { post_logout_redirect_uri: returnTo, ...token }).href;
    },

    async readLogout({ form }) {
      const token = singleParameter(form, 'logout_token');
      if (token === null) return identityRefused('identity.message', 'there is no logout token');
      return readLogoutToken(token).catch(refusalOf);
    },

    describe: () => null,
  };
}

/** Finds the provider when it is first needed, once for all who wait, and again after a while. Rejects with what the library throws. */
function rememberProvider(settings: OidcSettings, clock: Clock): () => Promise<Provider> {
  let known: Provider | null = null;
  let finding: Promise<Provider> | null = null;

  async function ask(): Promise<Provider> {
    try {
      known = await findProvider(settings, clock);
      return known;
    } catch (error) {
      // What it said an hour ago is most likely still so.
      if (known === null) throw error;
      return known;
    } finally {
      finding = null;
    }
  }

  return async () => {
    if (known !== null && known.until > clock.now().getTime()) return known;
    finding ??= ask();
    return finding;
  };
}

async function findProvider(settings: OidcSettings, clock: Clock): Promise<Provider> {
  const issuer = new URL(settings.issuer);
  const ask = (url: string, question: Question) => askSource(url, question, settings.timeoutSeconds);
  const insecure = issuer.protocol === 'http:' ? [allowInsecureRequests] : [];
  const client = { id_token_signed_response_alg: settings.algorithm, [clockTolerance]: settings.clockSkewSeconds };
  const configuration = await discovery(issuer, settings.clientId, client, authentication(settings), {
    [customFetch]: (url, { method, headers, body }) => ask(url, { method, headers, body: toBody(body) }),
    timeout: settings.timeoutSeconds,
    // The token endpoint's certificate would do for the standard; the signature is checked all the same.
    execute: [...insecure, enableNonRepudiationChecks],
  });
  const keys = createRemoteJWKSet(new URL(configuration.serverMetadata().jwks_uri ?? settings.issuer), {
    [customFetchOfJose]: (url, { method, headers }) => ask(url, { method, headers }),
    timeoutDuration: settings.timeoutSeconds * 1000,
  });
  return { configuration, keys, until: clock.now().getTime() + CONFIGURATION_MINUTES * 60_000 };
}

function authentication({ clientSecret, clientAuthentication }: OidcSettings): ClientAuth {
  if (clientSecret === null) return None();
  return clientAuthentication === 'client_secret_post' ? ClientSecretPost(clientSecret) : ClientSecretBasic(clientSecret);
}

function toBody(body: unknown): string | URLSearchParams | null {
  return typeof body === 'string' || body instanceof URLSearchParams ? body : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
