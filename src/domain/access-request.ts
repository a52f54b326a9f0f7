import { type Refusal, refuse } from '../lib/problems.ts';
import type { UserId } from './session.ts';

export type AccessRequestId = `req_${string}`;

/** Somebody asks for an item. */
export interface AccessRequest {
  readonly id: AccessRequestId;
  readonly userId: UserId;
  /** Path of the item, without a page. */
  readonly item: string;
  readonly reason: string;
  /** Of the page on which it was made; the answer is written in it. */
  readonly language: string;
  readonly madeAt: Date;
  readonly decision: RequestDecision | null;
}

export type RequestDecision =
  | (Decided & { readonly kind: 'granted'; readonly items: string; readonly until: Date })
  | (Decided & { readonly kind: 'declined' })
  /** By whoever made it. */
  | { readonly kind: 'withdrawn'; readonly at: Date };

interface Decided {
  readonly at: Date;
  /** Name of the administrator. */
  readonly by: string;
  /** What the reader is told besides; null for nothing. */
  readonly answer: string | null;
}

/** As administrators see it. */
export interface ListedAccessRequest extends AccessRequest {
  readonly userName: string;
}

/** Of one person, without an answer: whoever asks for more waits. */
export const MOST_OPEN_REQUESTS = 20;
/** Of one person in a day, whatever became of them. */
export const MOST_REQUESTS_A_DAY = 40;
/** A decided one is kept so long. */
export const KEEP_DECIDED_REQUESTS_DAYS = 365;
export const LONGEST_REASON = 2_000;

/** What somebody wrote, with its paragraphs. */
export function parseReason(text: string): string | Refusal {
  const reason = plainText(text);
  if (reason === '') return refuse('request.malformed', 'Nothing is written.');
  if (reason.length > LONGEST_REASON) return refuse('request.malformed', `It has more than ${LONGEST_REASON} characters.`);
  return reason;
}

function plainText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n]+/gu, ' ')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
