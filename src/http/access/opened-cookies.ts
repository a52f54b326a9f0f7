import { noteOpener } from '../../flows/note-opener.ts';
import type { OpenedSession } from '../../flows/open-session.ts';
import { sessionCookies } from '../server/cookies.ts';
import type { HttpRequest } from '../server/exchange.ts';
import type { AccessDeps } from './access-deps.ts';

/** The `Set-Cookie` values of a session that was just opened; from where, is noted with it. */
export async function openedCookies(
  deps: Pick<AccessDeps, 'sessions' | 'clock' | 'cookiePath'>,
  request: HttpRequest,
  opened: OpenedSession,
): Promise<readonly string[]> {
  await noteOpener(deps, opened, { address: request.address, userAgent: request.header('user-agent') });
  return sessionCookies(opened, deps.clock.now(), deps.cookiePath);
}
