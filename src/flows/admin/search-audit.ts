import type { AuditEvent, AuditFilter, AuditPlace, AuditStore } from '../../domain/audit.ts';

/** One page of the audit, and where the next one begins. */
export interface AuditPage {
  readonly events: readonly AuditEvent[];
  /** Null on the last page. */
  readonly next: AuditPlace | null;
}

const EVENTS_ON_A_PAGE = 50;
/** Some hundred kilobytes in memory while an export is sent. */
const EVENTS_AT_ONCE = 1_000;

/** Newest first. `after`: the last event of the page before. */
export async function searchAudit(store: Pick<AuditStore, 'list'>, filter: AuditFilter, after: AuditPlace | undefined): Promise<AuditPage> {
  const found = await store.list(filter, { after, limit: EVENTS_ON_A_PAGE + 1 });
  const events = found.slice(0, EVENTS_ON_A_PAGE);
  return { events, next: found.length > events.length ? (events.at(-1) ?? null) : null };
}

/** All events that a search finds, newest first, a part at a time: however many they are, few are in memory. */
export async function* readAudit(store: Pick<AuditStore, 'list'>, filter: AuditFilter): AsyncGenerator<readonly AuditEvent[]> {
  let after: AuditPlace | undefined;
  while (true) {
    const events = await store.list(filter, { after, limit: EVENTS_AT_ONCE });
    if (events.length > 0) yield events;
    if (events.length < EVENTS_AT_ONCE) return;
    after = events.at(-1);
  }
}
