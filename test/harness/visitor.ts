import type { TestVitrine } from './vitrine.ts';
import { PASSWORDS } from './vitrine.ts';

export const VIEWER = 'https://viewer.example';

/** A visitor without a browser: a cookie jar, and the steps that a person takes. */
export class TestVisitor {
  readonly cookies = new Map<string, string>();
  readonly #base: string;
  readonly #always: Readonly<Record<string, string>>;
  readonly #fetch: typeof fetch;

  /** `always`: headers of every request. `ask`: what they are sent by. */
  constructor(vitrine: Pick<TestVitrine, 'base'>, always: Readonly<Record<string, string>> = {}, ask: typeof fetch = fetch) {
    this.#base = vitrine.base;
    this.#always = always;
    this.#fetch = ask;
  }

  /** Never follows a redirect. `path` begins with a slash. */
  async ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers({ ...this.#always, ...Object.fromEntries(new Headers(init.headers)) });
    if (this.cookies.size > 0) headers.set('cookie', [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await this.#fetch(`${this.#base}${path}`, { redirect: 'manual', ...init, headers });
    for (const cookie of response.headers.getSetCookie()) this.#keep(cookie);
    return response;
  }

  #keep(cookie: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    if (value === '' || /max-age=0/i.test(cookie)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }

  /** Opens a page with a form and sends it back with these fields, as a browser on our own page does. */
  async submit(path: string, fields: Record<string, string>): Promise<Response> {
    const page = await (await this.ask(path)).text();
    const token = /name="form-token" value="([^"]*)"/.exec(page)?.[1] ?? '';
    return this.ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(this.#base).origin, 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ ...fields, 'form-token': token }).toString(),
    });
  }

  signIn(user: keyof typeof PASSWORDS, password: string = PASSWORDS[user], origin = VIEWER): Promise<Response> {
    return this.submit(`/auth/access/members?origin=${encodeURIComponent(origin)}`, { user, password });
  }

  agree(answer: 'agree' | 'decline' = 'agree', origin = VIEWER): Promise<Response> {
    return this.submit(`/auth/access/terms?origin=${encodeURIComponent(origin)}`, { answer });
  }

  /** The message that a token page posts, and where to. */
  async token(
    version: 1 | 2,
    service: string,
    origin = VIEWER,
    messageId = 'm1',
  ): Promise<{ message: Record<string, unknown>; target: string | null }> {
    const query = new URLSearchParams({ messageId, origin });
    return readTokenPage(await (await this.ask(`/auth/token/${version}/${service}?${query}`)).text());
  }
}

/** What the static script of the token page reads. */
export function readTokenPage(page: string): { message: Record<string, unknown>; target: string | null } {
  const block = /<script type="application\/json" id="message"[^>]*>([^<]*)<\/script>/.exec(page)?.[1];
  if (block === undefined) throw new Error(`No message on the token page: ${page.slice(0, 300)}`);
  const data = JSON.parse(block) as { message?: Record<string, unknown>; targetOrigin?: string | null };
  return { message: data.message ?? {}, target: data.targetOrigin ?? null };
}
