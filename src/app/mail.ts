import type { Logger } from 'pino';
import { createSmtpTransport } from '../adapters/mail/smtp.ts';
import { systemClock } from '../adapters/system/clock.ts';
import type { Options } from '../config/options.ts';
import { parseSmtpUrl } from '../config/smtp-url.ts';
import { createMailQueue, type RunningMailQueue } from '../flows/mail-queue.ts';

/** Null where no mail is sent. */
export function createMail({ smtpUrl, mailFrom, publicUrl }: Options, log: Logger): RunningMailQueue | null {
  const server = smtpUrl === null ? null : parseSmtpUrl(smtpUrl);
  if (server === null || mailFrom === null || publicUrl === null) return null;
  return createMailQueue({
    transport: createSmtpTransport({ ...server, from: mailFrom }),
    clock: systemClock,
    base: publicUrl,
    onFailure: (reason, fate) => log.error({ reason, fate }, 'a mail could not be sent'),
  });
}
