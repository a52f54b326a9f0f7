import type { Clock, Signer } from '../domain/ports.ts';
import type { Visitor } from '../domain/visitor.ts';
import { writeSignedPath } from './signed-path.ts';

/** Where content may be had without cookies, and for how long by one path. */
export interface SignedPathLimits {
  /** Origins of viewers, as browsers serialise them. */
  readonly origins: ReadonlySet<string>;
  readonly minutes: number;
  /** Items that viewers at any origin get in this way. */
  readonly isForEveryViewer?: (identifier: string) => boolean;
}

/** Whether a viewer at this origin gets this item without cookies. */
export function isWithoutCookies({ origins, isForEveryViewer }: SignedPathLimits, origin: string, identifier: string): boolean {
  return origins.has(origin) || isForEveryViewer?.(identifier) === true;
}

export interface SignPathDeps {
  readonly signer: Signer;
  readonly clock: Clock;
  readonly signedPaths: SignedPathLimits;
}

/** What is signed. */
export interface SignedItem {
  readonly identifier: string;
  /** When the decision about it may change by itself: the path does not outlive it. */
  readonly until?: Date | undefined;
}

/**
 * The path by which one item can be had without cookies, by the viewer and the session that a token belongs to; null for
 * whoever has no token, or is at an origin that is not allowed to. Whether the visitor may see the item is the caller's
 * question now, and is asked again of whoever comes by the path.
 */
export function signPath(deps: SignPathDeps, visitor: Visitor, origin: string | null, { identifier, until }: SignedItem): string | null {
  const [service] = visitor.services;
  if (visitor.by !== 'access-token' || visitor.sessionId === null || service === undefined) return null;
  // Such an address could be carried away from the device, and goes on without its cookie.
  if (visitor.devices.size > 0) return null;
  if (origin === null || !visitor.origins.has(origin) || !isWithoutCookies(deps.signedPaths, origin, identifier)) return null;
  return writeSignedPath(deps, { sessionId: visitor.sessionId, service, origin, expiresAt: expiry(deps, until) }, identifier);
}

/** One path for a tenth of its life, so that a browser that asks again finds what it has. Never longer than announced. */
function expiry({ clock, signedPaths: { minutes } }: SignPathDeps, until: Date | undefined): Date {
  const step = minutes * 6_000;
  const end = Math.floor(clock.now().getTime() / step) * step + minutes * 60_000;
  return new Date(Math.min(end, until?.getTime() ?? end));
}
