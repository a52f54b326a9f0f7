import { join } from 'node:path';
import type { Logger } from 'pino';
import { cacheDevices } from '../adapters/cache/devices.ts';
import { cacheItemGrants } from '../adapters/cache/item-grants.ts';
import { onChange } from '../adapters/cache/lookups.ts';
import { cachePersonalTokens } from '../adapters/cache/personal-tokens.ts';
import { cacheSeats } from '../adapters/cache/seats.ts';
import { cacheSessions } from '../adapters/cache/sessions.ts';
import { cacheUsers } from '../adapters/cache/users.ts';
import { openSqlite } from '../adapters/storage/sqlite/open.ts';
import { systemClock } from '../adapters/system/clock.ts';
import type { Options } from '../config/options.ts';
import type { Randomness } from '../domain/ports.ts';
import { createAuditTrail } from '../flows/audit-trail.ts';
import { createVisitAudit } from '../flows/audit-visits.ts';
import { createLossCounter } from '../flows/count-losses.ts';

/** The database, with what is kept of it in memory in front, and the audit. Everything must use the same ones, so that what ends, ends at once. */
export async function openStores(
  options: Pick<Options, 'data' | 'auditViews' | 'workers' | 'sessionIdleMinutes'>,
  io: { readonly log: Logger; readonly randomness: Randomness },
) {
  const { log, randomness } = io;
  const database = await openSqlite(join(options.data, 'vitrine.db'));
  const audit = createAuditTrail({
    audit: database.audit,
    clock: systemClock,
    randomness,
    onFailure: (error) => log.error({ err: error }, 'the audit could not be written'),
  });
  const { changesElsewhere } = database;
  let writes = 0;
  const onWrite = (): void => {
    writes += 1;
  };
  const noticeElsewhere = onChange(oncePerTurn(changesElsewhere), onWrite);
  const sessions = cacheSessions(database.sessions, {
    changesElsewhere,
    touchSeconds: touchSeconds(options),
    onWrite,
    onTouchFailed: (error) => log.error({ err: error }, 'the use of a session was not stored'),
  });

  const losses = createLossCounter({
    shadowLosses: database.shadowLosses,
    clock: systemClock,
    later: inTime,
    onLoss: ({ outcome, rule, who, example }) => log.info({ outcome, rule, who, item: example }, 'would have been refused'),
    onFailure: (error) => log.error({ err: error }, 'what shadow mode lets through could not be counted'),
  });
  const visits = createVisitAudit({ audit, clock: systemClock, views: options.auditViews, wouldRefuse: losses.wouldRefuse });
  return {
    ...database,
    auditStore: database.audit,
    audit,
    visits,
    sessions,
    users: cacheUsers(database.users, { changesElsewhere, onWrite, onSessionsEnded: sessions.forgetAll }),
    devices: cacheDevices(database.devices, {
      changesElsewhere,
      onWrite,
      onTouchFailed: (error) => log.error({ err: error }, 'the use of a device was not stored'),
    }),
    personalTokens: cachePersonalTokens(database.personalTokens, {
      changesElsewhere,
      onTouchFailed: (error) => log.error({ err: error }, 'the use of a personal token was not stored'),
    }),
    itemGrants: cacheItemGrants(database.itemGrants, { changesElsewhere, onWrite }),
    seats: cacheSeats(database.seats, { changesElsewhere }),
    /** Another number after any change to what says who a visitor is: sessions, users, devices and grants. */
    peopleChanges(): number {
      noticeElsewhere();
      return writes;
    },
    async close(): Promise<void> {
      await losses.close();
      await database.close();
    },
  };
}

function inTime(run: () => void, milliseconds: number): () => void {
  const timer = setTimeout(run, milliseconds);
  return () => clearTimeout(timer);
}

/** Rows are written seldom, as nothing hangs on them within one process. */
const TOUCH_SECONDS = 60;
/** Other workers know of a use when it is written: a session that is used must not be over for them. */
const PART_OF_IDLE_TIME = 1 / 10;

function touchSeconds({ workers, sessionIdleMinutes }: Pick<Options, 'workers' | 'sessionIdleMinutes'>): number {
  return workers === 1 ? TOUCH_SECONDS : Math.min(TOUCH_SECONDS, sessionIdleMinutes * 60 * PART_OF_IDLE_TIME);
}

/** What is asked again and again in one turn of the event loop has one answer: nothing that came in meanwhile has been read yet. */
function oncePerTurn(ask: () => number): () => number {
  let known: number | null = null;
  return () => {
    if (known !== null) return known;
    known = ask();
    setImmediate(() => {
      known = null;
    });
    return known;
  };
}
