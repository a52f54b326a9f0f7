import type { AuditAction, AuditEntry, AuditEvent, AuditEventId, AuditStore, AuditTrail } from '../domain/audit.ts';
import type { Clock, Randomness } from '../domain/ports.ts';

export interface AuditTrailDeps {
  readonly audit: AuditStore;
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** Told of events that could not be stored. */
  readonly onFailure: (error: unknown) => void;
  /** Runs it once after so many milliseconds, unless it is called off by what is returned. */
  readonly later?: (run: () => void, milliseconds: number) => () => void;
}

export interface RunningAuditTrail extends AuditTrail {
  /** Stores all that waits. */
  close(): Promise<void>;
}

/** What can be as many as requests are: written together, a moment later. */
const MANY: ReadonlySet<AuditAction> = new Set(['view', 'refused', 'would-be-refused']);
const WAIT_MILLISECONDS = 1_000;
const MOST_AT_ONCE = 500;
/** While the database fails: some megabytes. After that the oldest are given up. */
const MOST_WAITING = 20_000;
const ID_BYTES = 12;

/** Some of it comes from elsewhere: what a provider says, what a path is called. */
const LONGEST_TEXT = 1_000;

const NOTHING = { actor: null, via: 'web', address: null, item: null, service: null, rule: null, target: null, detail: null } as const;

/** Writes events down in the order in which they happened. */
export function createAuditTrail(deps: AuditTrailDeps): RunningAuditTrail {
  const { later = inTime } = deps;
  let waiting: AuditEvent[] = [];
  let writing: Promise<void> = Promise.resolve();
  let callOff: (() => void) | null = null;

  let closed = false;

  function flush(): Promise<void> {
    callOff?.();
    callOff = null;
    writing = writing.then(writeAll);
    return writing;
  }

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, MOST_AT_ONCE);
      try {
        await deps.audit.add(batch);
      } catch (error) {
        waiting = [...batch, ...waiting];
        deps.onFailure(error);
        flushLater();
        return;
      }
    }
  }

  function flushLater(): void {
    if (!closed) callOff ??= later(() => void flush(), WAIT_MILLISECONDS);
  }

  return {
    async record(entry) {
      waiting.push(auditEvent(deps, entry));
      if (waiting.length > MOST_WAITING) waiting.shift();
      if (!MANY.has(entry.action)) return flush();
      if (waiting.length === MOST_AT_ONCE) void flush();
      else flushLater();
    },
    close() {
      closed = true;
      return flush();
    },
  };
}

/** The event of an entry, now. */
export function auditEvent({ clock, randomness }: Pick<AuditTrailDeps, 'clock' | 'randomness'>, entry: AuditEntry): AuditEvent {
  const id: AuditEventId = `evt_${randomness.token(ID_BYTES)}`;
  const { actor, address, item, service, rule, target, detail, ...others } = { ...NOTHING, ...entry };
  const [texts, at] = [{ actor, address, item, service, rule, target, detail }, clock.now()];
  return { ...others, ...shorten(texts), id, at, pseudonymised: false };
}

function shorten<T extends Readonly<Record<string, string | null>>>(texts: T): T {
  const isLong = Object.values(texts).some((text) => text !== null && text.length > LONGEST_TEXT);
  if (!isLong) return texts;
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text?.slice(0, LONGEST_TEXT) ?? null])) as T;
}

function inTime(run: () => void, milliseconds: number): () => void {
  const timer = setTimeout(run, milliseconds);
  return () => clearTimeout(timer);
}
