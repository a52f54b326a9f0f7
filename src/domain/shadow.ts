import type { AccessModel, Decision } from './access.ts';
import { ruleInWords } from './rule-in-words.ts';
import type { Visitor } from './visitor.ts';

/** What the policies would have kept from one kind of visitor in one folder: counted, as it was given all the same. */
export interface ShadowLoss {
  /** `access-needed`: they would have been asked to sign in, or to open another service. */
  readonly outcome: 'access-needed' | 'refused';
  /** The rule that would have decided, in words. */
  readonly rule: string;
  /** Of the items; empty for those that are in none. */
  readonly folder: string;
  /** A kind of visitor: no name of a person. */
  readonly who: string;
  /** A visitor with an item, once in a while. */
  readonly visits: number;
  readonly first: Date;
  readonly last: Date;
  /** Path of one of the items. */
  readonly example: string;
}

export interface ShadowLossStore {
  /** Adds to what is known of the same rule, folder and kind of visitor. How many of these are kept apart is bounded. */
  add(losses: readonly ShadowLoss[]): Promise<void>;
  list(): Promise<readonly ShadowLoss[]>;
  /** How many there were. */
  clear(): Promise<number>;
}

/** A year on which nobody thinks of it any more is none to end a trial in. */
export const LONGEST_SHADOW_DAYS = 92;

/** The same access model for every model: what was decided by it before is known by the model. */
export function createShadow(until: Date | null): (access: AccessModel) => AccessModel {
  if (until === null) return (access) => access;
  const shadows = new WeakMap<AccessModel, AccessModel>();
  return (access) => {
    const known = shadows.get(access) ?? { ...access, shadowUntil: until };
    shadows.set(access, known);
    return known;
  };
}

/** What the policies say: in shadow mode what would have been done, else what is. */
export function byPolicies(decision: Decision): Decision {
  return decision.reason.code === 'shadow' ? decision.reason.would : decision;
}

/** One visit that the policies would have refused. */
export function lossOf(would: Exclude<Decision, { outcome: 'allowed' }>, path: string, visitor: Visitor, now: Date): ShadowLoss {
  return {
    outcome: would.outcome,
    rule: ruleInWords(would).slice(0, LONGEST_RULE),
    folder: path.slice(0, Math.max(0, path.lastIndexOf('/'))).slice(0, LONGEST_FOLDER),
    who: kindOf(visitor).slice(0, LONGEST_WHO),
    visits: 1,
    first: now,
    last: now,
    example: path.slice(0, LONGEST_FOLDER),
  };
}

const LONGEST_RULE = 300;
const LONGEST_FOLDER = 500;
const LONGEST_WHO = 200;

function kindOf({ user, by, devices }: Visitor): string {
  if (user === null) return devices.size > 0 ? 'not signed in, at a registered device' : 'not signed in';
  const roles = user.roles.toSorted().join(', ');
  return `${by === 'personal-token' ? 'scripts of people' : 'signed in'} ${roles === '' ? 'without a role' : `as ${roles}`}`;
}
