import { writeDate } from '../lib/written-date.ts';
import type { Period } from './access.ts';

/** ` from 1 January 2027 until 1 April 2027`, for administrators; nothing for a time without an end. */
export function periodWords({ from, until }: Period): string {
  const begins = from === undefined ? '' : ` from ${writeDate(from, 'en')}`;
  return until === undefined ? begins : `${begins} until ${writeDate(until, 'en')}`;
}
