import type { Transporter } from 'nodemailer';
import { type Delivery, type Mail, type MailTransport, mailSubject } from '../../domain/mail.ts';

export interface SmtpOptions {
  readonly host: string;
  readonly port: number;
  /** `implicit` from the first byte, `starttls` before anything is said, `none` for a server on this machine. Certificates are checked. */
  readonly tls: 'implicit' | 'starttls' | 'none';
  readonly user: string | null;
  readonly password: string | null;
  /** `Example Library <iiif@example.org>`, or the address alone. */
  readonly from: string;
  /** Certificates of authorities that are believed instead of the system's, PEM. */
  readonly ca?: string;
}

const CONNECT_MILLISECONDS = 10_000;
const SILENCE_MILLISECONDS = 30_000;

/** https://www.rfc-editor.org/rfc/rfc5321, with STARTTLS (RFC 3207) or TLS from the start (RFC 8314). */
export function createSmtpTransport(options: SmtpOptions): MailTransport {
  const { host, port, tls, user, password, ca } = options;
  let begun: Promise<Transporter> | null = null;

  /** Loads the library with the first mail. */
  async function begin(): Promise<Transporter> {
    const { createTransport } = await import('nodemailer');
    return createTransport({
      host,
      port,
      secure: tls === 'implicit',
      requireTLS: tls === 'starttls',
      ignoreTLS: tls === 'none',
      tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
      ...(user === null ? {} : { auth: { user, pass: password ?? '' } }),
      connectionTimeout: CONNECT_MILLISECONDS,
      greetingTimeout: CONNECT_MILLISECONDS,
      socketTimeout: SILENCE_MILLISECONDS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  return {
    async deliver(mail) {
      try {
        begun ??= begin();
        const transporter = await begun;
        await transporter.sendMail(messageOf(mail, options.from));
        return 'sent';
      } catch (error) {
        return failedDelivery(error);
      }
    },
    close: () => void begun?.then((transporter) => transporter.close()),
  };
}

function messageOf({ to, subject, text }: Mail, from: string) {
  return {
    from,
    // As an object it is one mailbox, and nothing in it is read as a list or a name.
    to: { name: '', address: to },
    subject: mailSubject(subject),
    text,
    // https://www.rfc-editor.org/rfc/rfc3834#section-5: no answer from a machine is wanted.
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

const REASONS: Readonly<Record<string, string>> = {
  EAUTH: 'the mail server did not accept user name and password',
  ETLS: 'there is no encrypted connection to the mail server',
  EENVELOPE: 'the mail server did not take the sender or the recipient',
  EMESSAGE: 'the mail server did not take the message',
  ECONNECTION: 'the mail server could not be reached',
  ESOCKET: 'the mail server could not be reached, or its certificate is not good',
  ETIMEDOUT: 'the mail server did not answer in time',
  EDNS: 'the name of the mail server could not be found',
};

/** What a mail server says may hold addresses, so only its number is kept. */
function failedDelivery(error: unknown): Exclude<Delivery, 'sent'> {
  const { code, responseCode } = error as { readonly code?: unknown; readonly responseCode?: unknown };
  const reason = REASONS[String(code)] ?? 'the mail could not be sent';
  const number = typeof responseCode === 'number' ? ` (${responseCode})` : '';
  // https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1: 5yz is final. A wrong password is for a person to mend, who may do so soon.
  const isFinal = typeof responseCode === 'number' && responseCode >= 500 && code !== 'EAUTH';
  return { reason: `${reason}${number}`, again: !isFinal };
}
