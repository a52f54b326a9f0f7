import type { Logger } from 'pino';
import { createSmtpTransport } from '../adapters/mail/smtp.ts';
import { systemClock } from '../adapters/system/clock.ts';
import type { Options } from '../config/options.ts';
import { parseSmtpUrl } from '../config/smtp-url.ts';
import { createMailQueue, type RunningMailQueue } from '../flows/mail-queue.ts';

interface MailSettings {
  readonly server: NonNullable<ReturnType<typeof parseSmtpUrl>>;
  readonly from: string;
  /** What links in mails begin with. */
  readonly base: string;
}

/** Null where no mail is sent. */
export function mailSettings({ smtpUrl, mailFrom, publicUrl }: Options): MailSettings | null {
  const server = smtpUrl === null ? null : parseSmtpUrl(smtpUrl);
  return server === null || mailFrom === null || publicUrl === null ? null : { server, from: mailFrom, base: publicUrl };
}

/** Null where no mail is sent. */
export function createMail(options: Options, log: Logger): RunningMailQueue | null {
  const settings = mailSettings(options);
  if (settings === null) return null;
  const { server, from, base } = settings;
  return createMailQueue({
    transport: createSmtpTransport({ ...server, from }),
    clock: systemClock,
    base,
    onFailure: (reason, fate) => log.error({ reason, fate }, 'a mail could not be sent'),
  });
}
