import { parseMailAddress } from '../../domain/mail.ts';
import type { Refusal } from '../../lib/problems.ts';

/** What was typed where an address may be left out. */
export function parseEmail(text: string): string | null | Refusal {
  return text.trim() === '' ? null : parseMailAddress(text);
}
