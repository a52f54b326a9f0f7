import type { ShadowLoss } from './shadow.ts';

/** Who would lose what, seen from one side. */
export interface LossesOf {
  /** A rule, a folder, or a kind of visitor. */
  readonly name: string;
  readonly visits: number;
  /** Of these, those who would have been refused whatever they do; the others would have been asked to sign in, or the like. */
  readonly refused: number;
  /** Path of an item. */
  readonly example: string;
}

export interface LossReport {
  readonly visits: number;
  readonly refused: number;
  /** Null where there is none. */
  readonly first: Date | null;
  readonly last: Date | null;
  /** Most visits first, and no more than a person reads. */
  readonly byRule: readonly LossesOf[];
  readonly byFolder: readonly LossesOf[];
  readonly byWho: readonly LossesOf[];
}

/** Longer lists nobody reads; the whole is in the database. */
export const MOST_LINES = 50;

export function sumLosses(losses: readonly ShadowLoss[]): LossReport {
  const times = losses.flatMap(({ first, last }) => [first.getTime(), last.getTime()]);
  return {
    visits: sum(losses, ({ visits }) => visits),
    refused: sum(losses, refusedOf),
    first: times.length === 0 ? null : new Date(Math.min(...times)),
    last: times.length === 0 ? null : new Date(Math.max(...times)),
    byRule: by(losses, ({ rule }) => rule),
    byFolder: by(losses, ({ folder }) => folder),
    byWho: by(losses, ({ who }) => who),
  };
}

function by(losses: readonly ShadowLoss[], nameOf: (loss: ShadowLoss) => string): readonly LossesOf[] {
  const groups = Map.groupBy(losses, nameOf);
  return [...groups]
    .map(([name, group]) => ({
      name,
      visits: sum(group, ({ visits }) => visits),
      refused: sum(group, refusedOf),
      example: group[0]?.example ?? '',
    }))
    .toSorted((a, b) => b.visits - a.visits || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_LINES);
}

function refusedOf({ outcome, visits }: ShadowLoss): number {
  return outcome === 'refused' ? visits : 0;
}

function sum(losses: readonly ShadowLoss[], of: (loss: ShadowLoss) => number): number {
  return losses.reduce((total, loss) => total + of(loss), 0);
}
