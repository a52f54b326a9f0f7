import { type Refusal, refuse } from '../lib/problems.ts';

/** A mail to one person, in plain text. */
export interface Mail {
  /** As `parseMailAddress` gives it. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Sends mail in its own time. */
export interface Mailer {
  /** What links in mails begin with: the public address of the server, never what a request called it. */
  readonly base: string;
  /** Returns at once, and never fails: what cannot be sent now is tried again. */
  send(mail: Mail): void;
  state(): MailState | Promise<MailState>;
}

/** What administrators are told about the sending of mail. */
export interface MailState {
  readonly waiting: number;
  /** Null where the last attempt went well, or there was none. */
  readonly failing: { readonly at: Date; readonly reason: string } | null;
}

/** What became of an attempt. `reason`: for administrators, without a secret and without an address. */
export type Delivery = 'sent' | { readonly reason: string; readonly again: boolean };

/** The way to a mail server. */
export interface MailTransport {
  /** Never rejects. */
  deliver(mail: Mail): Promise<Delivery>;
  close(): void;
}

const LONGEST = 254;
/** No quotes, comments or lists: what stands for one mailbox and nothing else. https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2 */
const ADDRESS = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~.-]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?$/u;

export function parseMailAddress(text: string): string | Refusal {
  const address = text.normalize('NFC').trim();
  const isOne = address.length <= LONGEST && ADDRESS.test(address) && !address.includes('..') && !/^\.|\.@/.test(address);
  return isOne ? address : refuse('request.malformed', 'That is no mail address, such as name@example.org.');
}

/** A subject stays one line, whatever is in it. */
export function mailSubject(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 200);
}
