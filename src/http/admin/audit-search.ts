import { AUDIT_ACTIONS, type AuditAction, type AuditEventId, type AuditFilter, type AuditPlace } from '../../domain/audit.ts';

/** The fields of the search, as they were typed. */
export const SEARCH_FIELDS = ['person', 'action', 'item', 'address', 'from', 'until'] as const;

export type SearchField = (typeof SEARCH_FIELDS)[number];

export interface AuditSearch {
  readonly typed: Readonly<Record<SearchField, string>>;
  readonly filter: AuditFilter;
  readonly mistakes: ReadonlyArray<{ readonly field: SearchField; readonly sentence: string }>;
}

const LONGEST = 1_000;
const WRITTEN_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?)?$/;

/** What of a query is a search. Times are in UTC, as the page says. */
export function readAuditSearch(query: URLSearchParams): AuditSearch {
  const read = (field: SearchField) => (query.get(field) ?? '').trim().slice(0, LONGEST);
  const typed = {
    person: read('person'),
    action: read('action'),
    item: read('item'),
    address: read('address'),
    from: read('from'),
    until: read('until'),
  };
  const [from, until] = [readTime(typed.from), readTime(typed.until)];
  const action = isAction(typed.action) ? typed.action : null;
  const mistakes = [
    ...(typed.action === '' || action !== null ? [] : [{ field: 'action' as const, sentence: 'There is no such action.' }]),
    ...(from === 'mistaken' ? [{ field: 'from' as const, sentence: 'The first time is none: write 2026-03-01 or 2026-03-01T09:30.' }] : []),
    ...(until === 'mistaken'
      ? [{ field: 'until' as const, sentence: 'The last time is none: write 2026-03-01 or 2026-03-01T09:30.' }]
      : []),
  ];
  const filter: AuditFilter = {
    ...(typed.person === '' ? {} : { person: typed.person }),
    ...(action === null ? {} : { action }),
    ...(typed.item === '' ? {} : { item: typed.item }),
    ...(typed.address === '' ? {} : { address: typed.address }),
    ...(from instanceof Date ? { from } : {}),
    ...(until instanceof Date ? { until } : {}),
  };
  return { typed, filter, mistakes };
}

/** The search as a query again, for links. */
export function writeAuditSearch(typed: Partial<AuditSearch['typed']>, after?: AuditPlace): string {
  const query = new URLSearchParams();
  for (const field of SEARCH_FIELDS) {
    if (typed[field] !== undefined && typed[field] !== '') query.set(field, typed[field]);
  }
  if (after !== undefined) query.set('after', `${after.at.getTime()}.${after.id}`);
  return query.toString();
}

/** Where a page begins; nothing for the first one. */
export function readPlace(query: URLSearchParams): AuditPlace | undefined {
  const [, time, id] = /^(\d{1,15})\.(evt_[A-Za-z0-9_-]{1,64})$/.exec(query.get('after') ?? '') ?? [];
  return time === undefined || id === undefined ? undefined : { at: new Date(Number(time)), id: id as AuditEventId };
}

function readTime(text: string): Date | 'mistaken' | null {
  if (text === '') return null;
  const time = WRITTEN_TIME.test(text) ? new Date(text.length === 10 ? text : `${text}Z`) : null;
  return time === null || Number.isNaN(time.getTime()) ? 'mistaken' : time;
}

function isAction(text: string): text is AuditAction {
  return Object.hasOwn(AUDIT_ACTIONS, text);
}
