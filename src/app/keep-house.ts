import type { Logger } from 'pino';
import { removeLeftFolders } from '../adapters/imaging/jp2-folders.ts';
import { systemClock } from '../adapters/system/clock.ts';
import type { Options } from '../config/options.ts';
import type { Signer } from '../domain/ports.ts';
import { keepAudit } from '../flows/keep-audit.ts';
import { removeEndedSessions } from '../flows/remove-ended-sessions.ts';
import { removeEndedSignIns } from '../flows/remove-ended-sign-ins.ts';
import { auditLimits, sessionLimits } from './from-options.ts';
import type { openStores } from './open-stores.ts';

const HOUSEKEEPING_MINUTES = 10;

interface House {
  readonly stores: Awaited<ReturnType<typeof openStores>>;
  readonly signer: Signer;
  readonly log: Logger;
}

/** Tidies at the start, and now and then. What is returned stops it, and waits for what is under way. */
export function keepHouse(options: Options, { stores, signer, log }: House): () => Promise<void> {
  const stop = new AbortController();
  removeLeftFolders(systemClock.now()).catch((error: unknown) => log.warn({ err: error }, 'old files could not be removed'));

  async function tidy(): Promise<void> {
    await removeEndedSessions({ ...stores, clock: systemClock, limits: sessionLimits(options) });
    await removeEndedSignIns({ ...stores, clock: systemClock });
    await keepAudit({
      ...stores,
      audit: stores.auditStore,
      clock: systemClock,
      signer,
      limits: auditLimits(options),
      signal: stop.signal,
    });
  }

  let running = Promise.resolve();
  const sweep = () => {
    running = tidy().catch((error: unknown) => log.error({ err: error }, 'what has ended could not be removed'));
  };
  const timer = setInterval(sweep, HOUSEKEEPING_MINUTES * 60_000);
  timer.unref();
  return () => {
    clearInterval(timer);
    stop.abort();
    return running;
  };
}
