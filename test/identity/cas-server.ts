import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A small CAS server: everybody who comes to /login is signed in already. Tickets are good once, for their service, for seconds. */
export interface CasServer {
  readonly url: string;
  /** Who is signed in, and what is sent about them. */
  user: string;
  attributes: Readonly<Record<string, readonly string[]>>;
  /** What serviceValidate answers instead of the truth; null for the truth. */
  answer: ((response: ServerResponse) => void) | null;
  /** How often serviceValidate was asked. */
  asked: number;
  ticketSeconds: number;
  close(): Promise<void>;
}

interface Ticket {
  readonly service: string;
  readonly user: string;
  readonly until: number;
}

export async function startCasServer(): Promise<CasServer> {
  const tickets = new Map<string, Ticket>();

  const cas = {
    url: '',
    user: 'anna',
    attributes: {} as Readonly<Record<string, readonly string[]>>,
    answer: null as CasServer['answer'],
    asked: 0,
    ticketSeconds: 10,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  function login(url: URL, response: ServerResponse): void {
    const service = url.searchParams.get('service') ?? '';
    const ticket = `ST-${randomBytes(12).toString('hex')}-cas.example`;
    tickets.set(ticket, { service, user: cas.user, until: Date.now() + cas.ticketSeconds * 1000 });
    const target = new URL(service);
    target.searchParams.set('ticket', ticket);
    response.writeHead(302, { location: target.href }).end();
  }

  function validate(url: URL): string {
    const name = url.searchParams.get('ticket') ?? '';
    const ticket = tickets.get(name);
    tickets.delete(name);
    if (ticket === undefined || ticket.until <= Date.now()) return failure('INVALID_TICKET', `Ticket ${name} not recognized`);
    if (ticket.service !== url.searchParams.get('service')) return failure('INVALID_SERVICE', 'Another service');
    return success(ticket.user, cas.attributes);
  }

  const server = createServer((request: IncomingMessage, response) => {
    const url = new URL(request.url ?? '/', 'http://cas.example');
    if (url.pathname === '/cas/login') {
      login(url, response);
    } else if (url.pathname === '/cas/p3/serviceValidate') {
      cas.asked += 1;
      if (cas.answer === null) sendXml(response, validate(url));
      else cas.answer(response);
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cas.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/cas`;
  return cas;
}

export function sendXml(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'application/xml; charset=utf-8' }).end(text);
}

export function success(user: string, attributes: Readonly<Record<string, readonly string[]>> = {}): string {
  const lines = Object.entries(attributes).flatMap(([name, values]) =>
    values.map((value) => `<cas:${name}>${escapeXml(value)}</cas:${name}>`),
  );
  return serviceResponse(
    `<cas:authenticationSuccess><cas:user>${escapeXml(user)}</cas:user><cas:attributes>${lines.join('')}</cas:attributes></cas:authenticationSuccess>`,
  );
}

export function serviceResponse(inside: string): string {
  return `<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">${inside}</cas:serviceResponse>`;
}

function failure(code: string, text: string): string {
  return serviceResponse(`<cas:authenticationFailure code="${code}">${escapeXml(text)}</cas:authenticationFailure>`);
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
