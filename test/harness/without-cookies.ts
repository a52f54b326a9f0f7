import { TestVisitor } from './visitor.ts';
import type { TestVitrine } from './vitrine.ts';

/** A viewer that gets content without cookies, in the tests that start a server with this option. */
export const SIGNED_VIEWER = 'https://no-cookies.example';

/** The reader's viewer after the sign-in: it has a token, and its requests for content bring no cookie. */
export interface TokenHolder {
  readonly reader: TestVisitor;
  readonly token: string;
  readonly origin: string;
  /** With the token, as for documents and probes. */
  byToken(path: string): Promise<Response>;
  /** Without token and cookie; `uri` is whole. `origin` null sends no such header. */
  bare(uri: string, init?: RequestInit, origin?: string | null): Promise<Response>;
  /** The `location` of the probe service for an identifier; null where there is none. */
  location(identifier: string): Promise<ProbeLocation | null>;
}

export interface ProbeLocation {
  readonly id: string;
  readonly type: string;
  readonly format?: string;
  readonly service?: ReadonlyArray<{ readonly id: string }>;
}

export async function signInForToken(
  vitrine: Pick<TestVitrine, 'base'>,
  user: 'reader' | 'curator' = 'reader',
  origin = SIGNED_VIEWER,
): Promise<TokenHolder> {
  const reader = new TestVisitor(vitrine);
  await reader.signIn(user, undefined, origin);
  const token = String((await reader.token(2, 'members', origin)).message['accessToken']);
  const byToken = (path: string) =>
    fetch(`${vitrine.base}${path}`, { redirect: 'manual', headers: { authorization: `Bearer ${token}`, origin } });
  return {
    reader,
    token,
    origin,
    byToken,
    bare(uri, init = {}, from = origin) {
      const headers = new Headers(init.headers);
      if (from !== null) headers.set('origin', from);
      return fetch(uri, { redirect: 'manual', ...init, headers });
    },
    async location(identifier) {
      const probe = (await (await byToken(`/auth/probe/${encodeURIComponent(identifier)}`)).json()) as { location?: ProbeLocation };
      return probe.location ?? null;
    },
  };
}
