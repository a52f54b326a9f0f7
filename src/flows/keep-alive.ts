import type { Session } from '../domain/session.ts';
import type { SessionDeps } from './find-session.ts';

/** A page of tiles is dozens of requests: one write a minute is enough, and at most a tenth of the idle time is lost. */
const TOUCH_EVERY_SECONDS = 60;

/** Notes that a session is in use. */
export async function keepAlive(deps: SessionDeps, session: Session): Promise<void> {
  const now = deps.clock.now();
  const everySeconds = Math.min(TOUCH_EVERY_SECONDS, deps.limits.idleMinutes * 6);
  if (now.getTime() - session.usedAt.getTime() < everySeconds * 1000) return;
  await deps.sessions.touch(session.id, now);
}
