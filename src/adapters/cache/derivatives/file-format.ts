/**
 * One derivative in one file: a line that says what kind of file it is, a line of JSON with the key and the checksum of
 * the bytes, and the bytes. Read back only where every part of it is right.
 */
import { hash } from 'node:crypto';
import type { DerivativeKey } from '../../../domain/derivative.ts';

const FIRST_LINE = 'vitrine derivative 1\n';
/** Identifiers are limited to far less. */
export const MOST_HEAD_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

export interface StoredDerivative {
  readonly key: DerivativeKey;
  readonly bytes: Uint8Array;
}

/** What comes before the bytes. */
export function writeHead(key: DerivativeKey, bytes: Uint8Array): Buffer {
  const { text, item, standIn } = key;
  return Buffer.from(`${FIRST_LINE}${JSON.stringify({ text, item, standIn, length: bytes.byteLength, sha256: sumOf(bytes) })}\n`);
}

/** Null for a file that is torn, changed or none of ours. */
export function readDerivative(file: Uint8Array): StoredDerivative | null {
  const head = readHead(file);
  if (head === null) return null;
  const bytes = file.subarray(head.end);
  return bytes.byteLength === head.length && sumOf(bytes) === head.sha256 ? { key: head.key, bytes } : null;
}

/** Whose derivative a file is, from its beginning; null where that is none of ours. */
export function readKey(file: Uint8Array): DerivativeKey | null {
  return readHead(file)?.key ?? null;
}

interface Head {
  readonly key: DerivativeKey;
  readonly length: number;
  readonly sha256: string;
  /** Where the bytes begin. */
  readonly end: number;
}

function readHead(file: Uint8Array): Head | null {
  const start = FIRST_LINE.length;
  const from = Buffer.from(file.buffer, file.byteOffset, Math.min(file.byteLength, MOST_HEAD_BYTES));
  if (from.toString('latin1', 0, start) !== FIRST_LINE) return null;
  const end = from.indexOf(NEWLINE, start);
  const line = end === -1 ? null : parseJson(from.toString('utf8', start, end));
  if (!isRecord(line)) return null;
  const { text, item, standIn, length, sha256 } = line;
  if (typeof text !== 'string' || typeof item !== 'string' || typeof length !== 'number' || typeof sha256 !== 'string') return null;
  if (standIn !== undefined && typeof standIn !== 'string') return null;
  return { key: { text, item, standIn }, length, sha256, end: end + 1 };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function sumOf(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'base64url');
}
