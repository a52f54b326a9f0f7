import type { Logger } from 'pino';
import { systemClock } from '../adapters/system/clock.ts';
import type { Options } from '../config/options.ts';

const AGAIN_MINUTES = 60;

/** Shadow mode is in the log at the start, every hour, and when it ends. What is returned stops that. */
export function remindOfShadow({ shadowUntil }: Pick<Options, 'shadowUntil'>, log: Logger): () => void {
  if (shadowUntil === null) return () => {};
  const remind = (): void => {
    const left = shadowUntil.getTime() - systemClock.now().getTime();
    if (left <= 0) {
      clearInterval(timer);
      log.warn('shadow mode has ended: the access file is enforced');
      return;
    }
    log.warn({ until: shadowUntil.toISOString() }, 'SHADOW MODE: the access file is not enforced, everybody sees everything');
  };
  const timer = setInterval(remind, AGAIN_MINUTES * 60_000);
  timer.unref();
  remind();
  return () => clearInterval(timer);
}
