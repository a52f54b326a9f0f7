import { isIP } from 'node:net';

/** Where and how mail is handed over. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  readonly tls: 'implicit' | 'starttls' | 'none';
  readonly user: string | null;
  readonly password: string | null;
}

/**
 * `smtps://user:password@mail.example.org` speaks TLS from the start (port 465), `smtp://…` begins it with STARTTLS before
 * anything else (port 587), and goes without to a server on this machine alone (port 25). Null for anything else.
 */
export function parseSmtpUrl(text: string): SmtpServer | null {
  if (!/^smtps?:\/\/[^\s/?#]+\/?$/i.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (host === '') return null;
  const tls = url.protocol === 'smtps:' ? 'implicit' : isHere(host) ? 'none' : 'starttls';
  const port = url.port === '' ? { implicit: 465, starttls: 587, none: 25 }[tls] : Number(url.port);
  const [user, password] = [decode(url.username), decode(url.password)];
  if (user === null || password === null) return null;
  return { host, port, tls, user: user === '' ? null : user, password: user === '' ? null : password };
}

function isHere(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
