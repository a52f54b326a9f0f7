import PQueue from 'p-queue';
import type { AccessModel, AccessService } from '../domain/access.ts';
import { decide } from '../domain/decide.ts';
import { firstOf } from '../domain/period.ts';
import type { GivenManifests, ItemSource, StoredManifest } from '../domain/ports.ts';
import type { Visitor } from '../domain/visitor.ts';
import { isKeptOut } from '../domain/when-locked.ts';
import { type FindThing, identifiersIn } from '../iiif/presentation/given/our-things.ts';
import { resolveIds } from '../iiif/presentation/given/resolve-ids.ts';
import { withholdThings } from '../iiif/presentation/given/withhold-things.ts';
import type { JsonObject } from '../lib/json.ts';
import { findItem } from './find-item.ts';
import { servicesOf } from './serve-information.ts';

export interface GivenManifestDeps {
  readonly manifests: Pick<GivenManifests, 'find'>;
  readonly items: Pick<ItemSource, 'find'>;
  access(): AccessModel;
  now(): Date;
}

export type GivenManifestOutcome =
  | { readonly kind: 'not-found' }
  | {
      readonly kind: 'manifest';
      readonly stored: StoredManifest;
      /** With its ids resolved, and without what policies keep out of lists. */
      readonly document: JsonObject;
      /** Of every item of ours in it that is there: what opens it. */
      readonly services: ReadonlyMap<string, readonly AccessService[]>;
      /** Whether everybody gets it as it is. */
      readonly open: boolean;
      /** When that may change by itself. */
      readonly until: Date | undefined;
    };

const LOOKED_UP_AT_ONCE = 8;

/** A manifest that somebody else wrote, and what this visitor needs for the items of ours in it. */
export async function serveGivenManifest(
  deps: GivenManifestDeps,
  name: string,
  place: { readonly id: string; readonly base: string; readonly find: FindThing },
  visitor: Visitor,
): Promise<GivenManifestOutcome> {
  const stored = await deps.manifests.find(name);
  if (stored === null) return { kind: 'not-found' };
  const resolved = resolveIds(stored.json, stored.version, place);
  const items = await judgeItems(deps, identifiersIn(resolved, place.find), visitor);
  const keptOut = new Set(items.flatMap((item) => (item.keptOut ? [item.identifier] : [])));
  const isNamed = (uri: string) => keptOut.has(place.find(uri)?.identifier ?? '');
  const document = keptOut.size === 0 ? resolved : withholdThings(resolved, isNamed);
  if (document === null) return { kind: 'not-found' };
  return {
    kind: 'manifest',
    stored,
    document,
    services: new Map(items.map(({ identifier, services }) => [identifier, services])),
    open: items.every(({ open }) => open),
    until: firstOf(items),
  };
}

interface JudgedItem {
  readonly identifier: string;
  readonly services: readonly AccessService[];
  readonly open: boolean;
  readonly until?: Date | undefined;
  /** Whether a policy keeps it out of every list. */
  readonly keptOut: boolean;
}

async function judgeItems(deps: GivenManifestDeps, identifiers: ReadonlySet<string>, visitor: Visitor): Promise<readonly JudgedItem[]> {
  const access = deps.access();
  const queue = new PQueue({ concurrency: LOOKED_UP_AT_ONCE });
  const judged = await queue.addAll(
    [...identifiers].map((identifier) => async (): Promise<JudgedItem | null> => {
      const item = await findItem(deps.items, access, identifier);
      if (item === null) return null;
      const decision = decide(access, item.path, visitor, deps.now(), item.tier);
      const services = decision.outcome === 'refused' ? [] : servicesOf(access, item.path, decision, visitor, deps.now());
      const keptOut = isKeptOut(decide(access, item.path, visitor, deps.now()));
      return { identifier, services, open: decision.outcome === 'allowed' && decision.open, until: decision.until, keptOut };
    }),
  );
  return judged.filter((each) => each !== null);
}
