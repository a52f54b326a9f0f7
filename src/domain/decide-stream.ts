import type { AccessModel, Decision } from './access.ts';
import { decide, findPolicy } from './decide.ts';
import type { Item, StreamPart } from './item.ts';
import { findMediaType } from './media-types.ts';
import { firstOf } from './period.ts';
import type { Visitor } from './visitor.ts';

/**
 * May this visitor see a file of a stream? What is true of the playlist that stands for the stream is true of each
 * segment. A policy about another playlist of it, or about the segment itself, can only close it further; and what could
 * stand alone, a film beside a playlist, must be opened by a policy of its own: it may be no part of the stream at all.
 */
export function decideStreamPart(access: AccessModel, part: StreamPart, visitor: Visitor, now: Date): Decision {
  const judge = (path: string) => decide(access, path, visitor, now, undefined, part.item.path);
  if (part.path === part.item.path) return judge(part.path);
  const isNamed = (path: string) => findPolicy(access, path) !== null;
  const others = [...part.otherPlaylists.filter(isNamed), ...(isNamed(part.path) || couldStandAlone(part) ? [part.path] : [])];
  const open = judge(part.item.path);
  const decisions = [open, ...others.filter((path) => !isGrantedWith(access, open, part, path)).map(judge)];
  return endingWith(decisions.find(({ outcome }) => outcome !== 'allowed') ?? decisions.find(isForSome) ?? open, decisions);
}

/** An answer that hangs on several may change with the first of them. */
function endingWith(decision: Decision, decisions: readonly Decision[]): Decision {
  const until = firstOf(decisions);
  return until === undefined ? decision : { ...decision, until };
}

/**
 * The same of a tier whose other item is that stream: the rule of the tier opens the playlists and the segments. What could
 * stand alone must be opened by a policy of its own here too.
 */
export function decideTierPart(access: AccessModel, tier: Item, part: StreamPart, visitor: Visitor, now: Date): Decision {
  const decision = decide(access, tier.path, visitor, now, tier.tier);
  if (decision.outcome !== 'allowed' || part.path === part.item.path || !couldStandAlone(part)) return decision;
  const alone = decide(access, part.path, visitor, now);
  return endingWith(alone.outcome !== 'allowed' || !alone.open ? alone : decision, [alone, decision]);
}

/** Whoever was granted a stream has all of it that its own policy is about. */
function isGrantedWith(access: AccessModel, open: Decision, part: StreamPart, path: string): boolean {
  const isGranted = open.outcome === 'allowed' && open.reason.code === 'item-grant';
  const isOnlyPart = path !== part.path || !couldStandAlone(part);
  return isGranted && isOnlyPart && findPolicy(access, path) === open.policy;
}

function couldStandAlone({ path, otherPlaylists }: StreamPart): boolean {
  return findMediaType(path) !== null && !otherPlaylists.includes(path);
}

function isForSome(decision: Decision): boolean {
  return decision.outcome === 'allowed' && !decision.open;
}
