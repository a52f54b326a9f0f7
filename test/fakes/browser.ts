import { parseCookies } from '../../src/http/server/cookies.ts';
import type { Handler, HttpRequest, Reply } from '../../src/http/server/exchange.ts';

export const OWN_ORIGIN = 'https://iiif.example.org';

export interface Ask {
  readonly path?: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  /** Below the origin, e.g. `/library`. */
  readonly basePath?: string;
}

/** A cookie jar and handlers, without a server between them. */
export class FakeBrowser {
  readonly jar = new Map<string, string>();
  /** `Set-Cookie` values as they came, the newest last. */
  readonly setCookies: string[] = [];
  /** What the form of the last page carries. */
  formToken = '';
  address = '192.0.2.7';

  async get(handler: Handler, ask: Ask = {}): Promise<Reply> {
    const reply = await this.#send(handler, 'GET', ask);
    this.formToken = /name="form-token" value="([^"]*)"/.exec(String(reply.body))?.[1] ?? this.formToken;
    return reply;
  }

  head(handler: Handler, ask: Ask = {}): Promise<Reply> {
    return this.#send(handler, 'HEAD', ask);
  }

  /** Sends the form of the last page as a browser does. */
  post(handler: Handler, ask: Ask & { readonly form: Readonly<Record<string, string>> }): Promise<Reply> {
    const headers = { origin: OWN_ORIGIN, 'sec-fetch-site': 'same-origin', ...ask.headers };
    return this.#send(handler, 'POST', { ...ask, headers, form: { 'form-token': this.formToken, ...ask.form } });
  }

  async #send(handler: Handler, method: string, ask: Ask): Promise<Reply> {
    const reply = await handler(this.#request(method, ask));
    const setCookie = reply.headers['set-cookie'] ?? [];
    for (const cookie of typeof setCookie === 'string' ? [setCookie] : setCookie) this.#keep(cookie);
    return reply;
  }

  #keep(cookie: string): void {
    this.setCookies.push(cookie);
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    if (/max-age=0(;|$)/i.test(cookie)) this.jar.delete(name);
    else this.jar.set(name, value);
  }

  #request(method: string, ask: Ask): HttpRequest {
    const cookies = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    return {
      method,
      path: ask.path ?? '/',
      query: new URLSearchParams(ask.query),
      params: ask.params ?? {},
      header: (name) => ask.headers?.[name] ?? null,
      cookies: parseCookies(cookies === '' ? null : cookies),
      address: this.address,
      origin: OWN_ORIGIN,
      base: OWN_ORIGIN + (ask.basePath ?? ''),
      form: async () => new URLSearchParams(ask.form),
      json: async () => {
        throw new Error('browsers send forms');
      },
      raw: { peer: this.address, headers: Object.entries(ask.headers ?? {}).flat(), query: new URLSearchParams(ask.query).toString() },
      signal: new AbortController().signal,
    };
  }
}

/** What the static script of the token page reads. */
export function readMessage(reply: Reply): { message: Record<string, unknown>; targetOrigin: string | null } {
  const block = /<script type="application\/json" id="message"[^>]*>([^<]*)<\/script>/.exec(String(reply.body))?.[1];
  if (block === undefined) throw new Error(`no message on ${String(reply.body).slice(0, 300)}`);
  return JSON.parse(block) as { message: Record<string, unknown>; targetOrigin: string | null };
}
