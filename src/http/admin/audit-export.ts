import { stringify } from 'csv-stringify/sync';
import type { AuditEvent } from '../../domain/audit.ts';

export interface AuditFormat {
  readonly mediaType: string;
  readonly head: string;
  write(events: readonly AuditEvent[]): string;
}

const COLUMNS = ['time', 'action', 'who', 'via', 'address', 'item', 'service', 'rule', 'target', 'detail', 'pseudonymised', 'id'] as const;

type Column = (typeof COLUMNS)[number];

/** https://www.rfc-editor.org/rfc/rfc4180. A cell that a spreadsheet would take for a formula begins with an apostrophe. */
const CSV: AuditFormat = {
  mediaType: 'text/csv; charset=utf-8; header=present',
  head: line([[...COLUMNS]]),
  write: (events) => line(events.map((event) => COLUMNS.map((column) => String(cells(event)[column] ?? '')))),
};

/** https://jsonlines.org: an object on each line. */
const JSON_LINES: AuditFormat = {
  mediaType: 'application/x-ndjson; charset=utf-8',
  head: '',
  write: (events) => events.map((event) => `${JSON.stringify(cells(event))}\n`).join(''),
};

/** By the ending of the file. */
export const AUDIT_FORMATS = { csv: CSV, jsonl: JSON_LINES } as const;

function line(rows: readonly string[][]): string {
  return stringify([...rows], { escape_formulas: true, record_delimiter: 'windows' });
}

function cells({
  id,
  at,
  action,
  actor,
  via,
  address,
  item,
  service,
  rule,
  target,
  detail,
  pseudonymised,
}: AuditEvent): Record<Column, unknown> {
  return { time: at.toISOString(), action, who: actor, via, address, item, service, rule, target, detail, pseudonymised, id };
}
