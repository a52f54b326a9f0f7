import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { CLIENT, closeServer, collect, listen } from './real-provider.ts';

/** An OpenID provider that says whatever a test wants, signed or not. */
export interface ForgingProvider {
  readonly issuer: string;
  readonly key: CryptoKey;
  /** Claims that are right, for a nonce. */
  claims(nonce?: string): JWTPayload;
  sign(claims: JWTPayload, header?: { alg?: string; kid?: string; typ?: string }, key?: CryptoKey | Uint8Array): Promise<string>;
  /** The next answer of the token endpoint: an ID token, or anything else. */
  idToken: string;
  /** In place of an endpoint's own answer, by path. */
  readonly answers: Map<string, (response: ServerResponse) => void>;
  /** What was posted to the token endpoint. */
  readonly tokenRequests: URLSearchParams[];
  readonly userInfo: Record<string, unknown>;
  close(): Promise<void>;
}

export async function startForgingProvider(): Promise<ForgingProvider> {
  const server = await listen();
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  const seconds = () => Math.floor(Date.now() / 1000);

  const forging: ForgingProvider = {
    issuer,
    key: privateKey,
    claims: (nonce) => ({
      iss: issuer,
      aud: CLIENT.clientId,
      sub: 'u-1',
      iat: seconds(),
      exp: seconds() + 300,
      preferred_username: 'anna',
      ...(nonce === undefined ? {} : { nonce }),
    }),
    sign: (claims, header = {}, key = privateKey) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one', ...header }).sign(key),
    idToken: '',
    answers: new Map(),
    tokenRequests: [],
    userInfo: { sub: 'u-1' },
    close: () => closeServer(server),
  };

  const documents: Readonly<Record<string, () => unknown>> = {
    '/.well-known/openid-configuration': () => ({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/userinfo`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256', 'none', 'HS256'],
      authorization_response_iss_parameter_supported: true,
    }),
    '/jwks': () => ({ keys: [jwk] }),
    '/token': () => ({ access_token: 'opaque', token_type: 'Bearer', expires_in: 60, id_token: forging.idToken }),
    '/userinfo': () => forging.userInfo,
  };

  server.on('request', async (request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    if (path === '/token') forging.tokenRequests.push(new URLSearchParams(await collect(request)));
    const other = forging.answers.get(path);
    if (other !== undefined) other(response);
    else sendJson(response, documents[path]?.() ?? {});
  });
  return forging;
}

export function sendJson(response: ServerResponse, document: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(document));
}
