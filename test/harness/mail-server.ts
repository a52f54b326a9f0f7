import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { adhocCertificate } from '../../src/adapters/certificates/adhoc.ts';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** As it came: headers, an empty line, the body. */
  readonly raw: string;
  readonly encrypted: boolean;
  readonly user: string | null;
}

export interface TestMailServer {
  readonly port: number;
  /** What stands for the authority of its certificate. */
  readonly ca: string;
  readonly received: ReceivedMail[];
  /** Set, each recipient is answered so. */
  refuse: { readonly status: number; readonly text: string } | null;
  close(): Promise<void>;
}

export const MAIL_USER = { user: 'vitrine', password: 'a p@ssword:of its own' } as const;

/** A real mail server on a free port. Its certificate is for localhost, unless another name is given. */
export async function startMailServer(
  options: { readonly tls?: 'starttls' | 'implicit' | 'none'; readonly auth?: boolean; readonly name?: string } = {},
): Promise<TestMailServer> {
  const { tls = 'none', auth = false, name = 'localhost' } = options;
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-mail-'));
  const { cert, key } = await adhocCertificate(folder, [name], new Date());
  const received: ReceivedMail[] = [];
  const started: { refuse: TestMailServer['refuse'] } = { refuse: null };
  const server = new SMTPServer({
    cert,
    key,
    secure: tls === 'implicit',
    disabledCommands: [...(tls === 'none' ? ['STARTTLS'] : []), ...(auth ? [] : ['AUTH'])],
    authOptional: !auth,
    onAuth(given, _session, answer) {
      if (given.username === MAIL_USER.user && given.password === MAIL_USER.password) answer(null, { user: MAIL_USER.user });
      else answer(Object.assign(new Error('Invalid username or password'), { responseCode: 535 }));
    },
    onRcptTo(_address, _session, answer) {
      if (started.refuse === null) answer();
      else answer(Object.assign(new Error(started.refuse.text), { responseCode: started.refuse.status }));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks).toString('utf8'),
          encrypted: session.secure,
          user: typeof session.user === 'string' ? session.user : null,
        });
        done();
      });
    },
  });
  // A client that does not believe the certificate hangs up, which is what some tests are about.
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('the mail server has no port');
  return Object.assign(started, {
    port: address.port,
    ca: String(cert),
    received,
    async close() {
      await new Promise<void>((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  });
}

/** The text of a mail, its transfer encoding undone. */
export function textOf({ raw }: ReceivedMail): string {
  const at = raw.indexOf('\r\n\r\n');
  const body = raw.slice(at + 4);
  const encoding = /^content-transfer-encoding: *(\S+)/im.exec(raw.slice(0, at))?.[1]?.toLowerCase();
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return body;
  const bytes = body.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
