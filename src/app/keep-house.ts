import type { Logger } from 'pino';

const HOUSEKEEPING_MINUTES = 10;

/** Tidies now and then. What is returned stops it, and waits for what is under way. */
export function keepHouse(tidy: (signal: AbortSignal) => Promise<void>, log: Logger): () => Promise<void> {
  const stop = new AbortController();
  let running = Promise.resolve();
  const sweep = () => {
    running = tidy(stop.signal).catch((error: unknown) => log.error({ err: error }, 'what has ended could not be removed'));
  };
  const timer = setInterval(sweep, HOUSEKEEPING_MINUTES * 60_000);
  timer.unref();
  return () => {
    clearInterval(timer);
    stop.abort();
    return running;
  };
}
