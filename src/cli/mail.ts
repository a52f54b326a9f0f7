import { createSmtpTransport } from '../adapters/mail/smtp.ts';
import { parseSmtpUrl } from '../config/smtp-url.ts';
import { parseMailAddress } from '../domain/mail.ts';
import { isRefusal } from '../lib/problems.ts';

export interface MailTestOptions {
  readonly address: string;
  readonly smtpUrl: string | null;
  readonly mailFrom: string | null;
  /** A line of what was asked for. */
  print(line: string): void;
  /** A line of what went wrong. */
  error(line: string): void;
}

/** `vitrine mail test ADDRESS`: 0 where the mail server took the mail; 1 where it did not; 2 for what is typed wrongly. */
export async function runMailTest({ address, smtpUrl, mailFrom, print, error }: MailTestOptions): Promise<number> {
  const to = parseMailAddress(address);
  const server = smtpUrl === null ? null : parseSmtpUrl(smtpUrl);
  if (isRefusal(to) || server === null || mailFrom === null) {
    error(isRefusal(to) ? to.detail : 'Name the mail server with smtpUrl, and the sender with mailFrom.');
    return 2;
  }
  const transport = createSmtpTransport({ ...server, from: mailFrom });
  const delivery = await transport.deliver({
    to,
    subject: 'A test mail of Vitrine',
    text: 'This mail was sent by vitrine mail test. Mail works.\n',
  });
  transport.close();
  if (delivery === 'sent') print(`${server.host} has taken a mail to ${to}.`);
  else error(`No mail was sent by way of ${server.host}: ${delivery.reason}.`);
  return delivery === 'sent' ? 0 : 1;
}
