import { writeDate } from '../lib/written-date.ts';
import type { AccessModel, Policy, Tier } from './access.ts';
import { decide, findPolicy } from './decide.ts';
import { nameChanges } from './explain.ts';
import type { Item } from './item.ts';
import { buildItemTree, findPlaces, type ItemPlace, type ItemTree, writePlace } from './item-tree.ts';
import { nextDate } from './period.ts';
import { isTierOf } from './tier.ts';
import type { Visitor } from './visitor.ts';
import { type RoleHolders, type VisitorKind, visitorKinds } from './visitor-kinds.ts';
import { tellingOf } from './when-locked.ts';

export interface AccessComparison {
  readonly before: AccessModel;
  readonly after: AccessModel;
  readonly items: readonly ComparedItem[];
  /** People who hold several roles, or one that no rule names. */
  readonly people: readonly RoleHolders[];
  readonly now: Date;
}

export type ComparedItem = Pick<Item, 'path' | 'kind'>;

/** What changes for one kind of visitor. */
export interface VisitorChanges {
  readonly who: string;
  readonly changes: readonly AccessChange[];
}

export interface AccessChange {
  readonly direction: 'gains' | 'loses' | 'keeps' | 'differs';
  /** What comes before the names of the items: `gains`, `keeps of the whole a lesser version (gray) of`. */
  readonly words: string;
  /** Null for now. */
  readonly from: Date | null;
  /** Null for as far as the files look ahead. */
  readonly until: Date | null;
  readonly items: number;
  readonly places: readonly ItemPlace[];
}

/** Dates that are looked at, the next ones first: each may change what everybody sees. */
const MOST_DATES = 12;

/**
 * Who gains and who loses what where one access file takes the place of another: now, and from each date on that one of
 * them names. Whether the other item of a tier is there is not asked.
 */
export function compareAccess(comparison: AccessComparison): readonly VisitorChanges[] {
  const { before, after, items, people, now } = comparison;
  const { classes, tree } = classify(before, after, items);
  const moments = [now, ...datesOf([before, after], now).slice(0, MOST_DATES)];
  const kinds = visitorKinds([before, after], people);
  const turns = new Map<string, ReadonlyArray<readonly Turn[]>>(
    kinds.map((kind) => [kind.who, classes.map((each) => moments.map((moment) => turnOf(comparison, each, kind, moment)))]),
  );
  return kinds
    .map((kind) => ({ who: kind.who, changes: changesOf(ownTurns(kind, turns), moments, tree) }))
    .filter(({ changes }) => changes.length > 0);
}

/** Items that both files judge alike: one of them speaks for all. */
type ItemClass = ComparedItem;

function classify(
  before: AccessModel,
  after: AccessModel,
  items: readonly ComparedItem[],
): { readonly classes: readonly ItemClass[]; readonly tree: ItemTree } {
  const groups = new Map<string, number>();
  const classes: ItemClass[] = [];
  const grouped = items.map((item) => {
    const key = [numberOf(before, item.path), numberOf(after, item.path), item.kind].join(' ');
    const group = groups.get(key) ?? classes.push(item) - 1;
    groups.set(key, group);
    return { path: item.path, group };
  });
  return { classes, tree: buildItemTree(grouped) };
}

function numberOf(access: AccessModel, path: string): number {
  return findPolicy(access, path)?.number ?? 0;
}

/** When a policy changes by itself, the next first. */
function datesOf(models: readonly AccessModel[], now: Date): readonly Date[] {
  const times = models.flatMap(({ policies }) => policies.flatMap((policy) => datesOfPolicy(policy, now).map((date) => date.getTime())));
  return [...new Set(times)].sort((a, b) => a - b).map((time) => new Date(time));
}

function datesOfPolicy(policy: Policy, now: Date): readonly Date[] {
  const next = nextDate(policy, now);
  return next === null ? [] : [next, ...datesOfPolicy(policy, next)];
}

/** What a visitor sees of an item: all of it, a lesser version, its name, or nothing. */
type Sight = { readonly level: 'whole' | 'named' | 'nothing' } | { readonly level: 'lesser'; readonly version: string };

function sightOf(access: AccessModel, { path, kind }: ItemClass, visitor: Visitor, at: Date): Sight {
  const decision = decide(access, path, { ...visitor, seats: new Set([path]) }, at);
  if (decision.outcome === 'allowed') return { level: 'whole' };
  const telling = tellingOf(decision);
  const tier = (decision.policy?.otherwise ?? []).find((each) => opens(access, { path, kind }, each, visitor, at)) ?? telling.thumbnail;
  if (tier !== null && isTierOf(tier, kind)) return { level: 'lesser', version: nameChanges(tier).join(', ') };
  return { level: telling.listed ? 'named' : 'nothing' };
}

function opens(access: AccessModel, { path, kind }: ItemClass, tier: Tier, visitor: Visitor, at: Date): boolean {
  return isTierOf(tier, kind) && decide(access, path, visitor, at, tier).outcome === 'allowed';
}

/** From one sight to another. Null words: nothing changes. */
interface Turn {
  readonly direction: AccessChange['direction'];
  readonly words: string | null;
  /** Whether there is something to see before and after. */
  readonly held: boolean;
}

function turnOf({ before, after }: AccessComparison, item: ItemClass, kind: VisitorKind, at: Date): Turn {
  const visitor = kind.as(item.path);
  const [then, now] = [sightOf(before, item, visitor, at), sightOf(after, item, visitor, at)];
  return { ...describeTurn(then, now), held: isSomething(then) && isSomething(now) };
}

function isSomething({ level }: Sight): boolean {
  return level === 'whole' || level === 'lesser';
}

const NO_TURN = { direction: 'differs', words: null } as const;

function describeTurn(before: Sight, after: Sight): Omit<Turn, 'held'> {
  if (before.level === 'lesser' && after.level === 'lesser') {
    if (before.version === after.version) return NO_TURN;
    return { direction: 'differs', words: `gets another lesser version (${after.version}, not ${before.version}) of` };
  }
  if (after.level === 'whole') return before.level === 'whole' ? NO_TURN : { direction: 'gains', words: gainsWhole(before) };
  if (before.level === 'whole') return { direction: 'loses', words: losesWhole(after) };
  if (after.level === 'lesser') return { direction: 'gains', words: `gains a lesser version (${after.version}) of` };
  if (before.level === 'lesser') return { direction: 'loses', words: `loses the lesser version (${before.version}) of` };
  if (before.level === after.level) return NO_TURN;
  return after.level === 'named'
    ? { direction: 'gains', words: 'now finds in lists, locked,' }
    : { direction: 'loses', words: 'no longer finds in lists, locked,' };
}

function gainsWhole(before: Sight): string {
  return before.level === 'lesser' ? `gains, instead of a lesser version (${before.version}),` : 'gains';
}

function losesWhole(after: Sight): string {
  return after.level === 'lesser' ? `loses, but for a lesser version (${after.version}),` : 'loses';
}

/** Without what is true of a kind above as well, and need not be said twice; with what this kind keeps of what that one loses. */
function ownTurns({ who, above }: VisitorKind, turns: ReadonlyMap<string, ReadonlyArray<readonly Turn[]>>): ReadonlyArray<readonly Turn[]> {
  return (turns.get(who) ?? []).map((ofClass, group) =>
    ofClass.map((turn, at) => {
      const others = above.flatMap((other) => turns.get(other)?.[group]?.[at] ?? []);
      if (turn.words !== null) return others.some(({ words }) => words === turn.words) ? { ...turn, ...NO_TURN } : turn;
      const isKept = turn.held && others.some(({ direction }) => direction === 'loses') && !others.some(isHeldUnchanged);
      return isKept ? { ...turn, direction: 'keeps', words: 'keeps' } : turn;
    }),
  );
}

function isHeldUnchanged({ words, held }: Turn): boolean {
  return words === null && held;
}

/** One after another, with the items that each is about. `turns`: of each class of items, at each moment. */
function changesOf(turns: ReadonlyArray<readonly Turn[]>, moments: readonly Date[], tree: ItemTree): readonly AccessChange[] {
  const found = new Map<string, { readonly span: Span; readonly groups: Set<number> }>();
  turns.forEach((ofClass, group) => {
    for (const span of spansOf(ofClass)) {
      const key = JSON.stringify(span);
      const same = found.get(key) ?? { span, groups: new Set() };
      same.groups.add(group);
      found.set(key, same);
    }
  });
  return [...found.values()]
    .map(({ span, groups }) => toChange(span, moments, findPlaces(tree, groups)))
    .sort((a, b) => ORDER.indexOf(a.direction) - ORDER.indexOf(b.direction) || b.items - a.items);
}

const ORDER: ReadonlyArray<AccessChange['direction']> = ['loses', 'gains', 'differs', 'keeps'];

/** The same turn at one moment after another; `end` is the first at which it is another. */
interface Span {
  readonly turn: Pick<AccessChange, 'direction' | 'words'>;
  readonly start: number;
  readonly end: number;
}

function spansOf(turns: readonly Turn[]): readonly Span[] {
  const spans: Span[] = [];
  let start = 0;
  turns.forEach(({ direction, words }, at) => {
    if (turns[at + 1]?.words === words) return;
    if (words !== null) spans.push({ turn: { direction, words }, start, end: at + 1 });
    start = at + 1;
  });
  return spans;
}

function toChange({ turn, start, end }: Span, moments: readonly Date[], places: readonly ItemPlace[]): AccessChange {
  const items = places.reduce((all, { count }) => all + count, 0);
  return { ...turn, from: start === 0 ? null : (moments[start] ?? null), until: moments[end] ?? null, items, places };
}

/** More are told by their number. */
const MOST_PLACES = 12;

/** `loses letters/** (120 items), maps/a.jpg, from 1 January 2027`: what comes after who it is about. */
export function writeAccessChange({ words, places, from, until }: AccessChange): string {
  const more = places.slice(MOST_PLACES).reduce((all, { count }) => all + count, 0);
  const named = [...places.slice(0, MOST_PLACES).map(writePlace), ...(more === 0 ? [] : [`and ${more} more`])];
  const span = [
    ...(from === null ? [] : [`from ${writeDate(from, 'en')}`]),
    ...(until === null ? [] : [`until ${writeDate(until, 'en')}`]),
  ];
  return `${words} ${named.join(', ')}${span.length === 0 ? '' : `, ${span.join(' ')}`}`;
}
