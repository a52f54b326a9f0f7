import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';
import { ADDRESSES } from './identity-parts.ts';

export const CLIENT = { clientId: 'vitrine', clientSecret: 'a secret of forty letters, or nearly so' };

/** `oidc-provider`, where everybody who comes is signed in as one person, and a place where it sends logout tokens. */
export interface RealProvider {
  readonly issuer: string;
  accountId: string;
  claims: Record<string, unknown>;
  /** Bodies of what it posted to the back-channel logout address. */
  readonly logouts: URLSearchParams[];
  /** Makes it send a logout token. */
  signOut(sub: string, sid: string): Promise<void>;
  /** Visits the address as a browser with cookies does, until the way leads back to us. */
  visit(url: string): Promise<string>;
  close(): Promise<void>;
}

/** What the types of the package leave out. */
interface BackchannelClient {
  backchannelLogout(sub: string, sid: string): Promise<void>;
}

/** What the provider knows of its client. */
interface ClientAddresses {
  readonly callback: string;
  /** Where the browser goes after a sign-out. */
  readonly home: string;
  /** Where it posts logout tokens, each for a person. Null: for a session, and to a place of its own, for the test to look at. */
  readonly logout: string | null;
}

const OF_EXAMPLE: ClientAddresses = { callback: ADDRESSES.callback, home: 'https://iiif.example.org/', logout: null };

export async function startRealProvider({ callback, home, logout }: ClientAddresses = OF_EXAMPLE): Promise<RealProvider> {
  const front = await listen();
  const issuer = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
  const logouts: URLSearchParams[] = [];
  const real = { accountId: 'u-1', claims: {} as Record<string, unknown> };
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });

  const provider: Provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: [callback],
        post_logout_redirect_uris: [home],
        backchannel_logout_uri: logout ?? `${issuer}/taken-by-the-test`,
        backchannel_logout_session_required: logout === null,
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'one' }] },
    cookies: { keys: ['a key for tests'] },
    claims: { openid: ['sub'], profile: ['preferred_username', 'name', 'groups', 'realm_access'], email: ['email'] },
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true }, rpInitiatedLogout: { enabled: true } },
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub, ...real.claims }) }),
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    loadExistingGrant: async (context) => {
      const grant = new provider.Grant({ accountId: context.oidc.session?.accountId ?? '', clientId: CLIENT.clientId });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
    // Its own way out refuses addresses of this machine.
    fetch: (url, init) => fetch(url, { method: init?.method ?? 'GET', headers: new Headers(init?.headers), body: String(init?.body) }),
    ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Grant: 600, Interaction: 600, Session: 600 },
  });

  const answer = provider.callback();
  front.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (request.url === '/taken-by-the-test') {
      collect(request).then((body) => {
        logouts.push(new URLSearchParams(body));
        response.writeHead(200).end();
      });
    } else if (request.url?.startsWith('/interaction/') === true) {
      void provider.interactionFinished(request, response, { login: { accountId: real.accountId } });
    } else {
      void answer(request, response);
    }
  });

  return Object.assign(real, {
    issuer,
    logouts,
    visit: (url: string) => visit(url, callback),
    async signOut(sub: string, sid: string) {
      const client = (await provider.Client.find(CLIENT.clientId)) as unknown as BackchannelClient;
      await client.backchannelLogout(sub, sid);
    },
    close: () => closeServer(front),
  });
}

async function visit(url: string, callback: string): Promise<string> {
  const cookies = new Map<string, string>();
  let next = url;
  for (let hops = 0; hops < 10 && !next.startsWith(callback); hops += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(next, { redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`${next} answered ${answer.status}: ${(await answer.text()).slice(0, 500)}`);
    next = new URL(location, next).href;
  }
  return next;
}

export async function listen(): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

export async function collect(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
