import type { AccessModel, AccessService, Decision } from '../domain/access.ts';
import { decide } from '../domain/decide.ts';
import type { Item, SourceDescription } from '../domain/item.ts';
import type { ImageReader, ItemSource } from '../domain/ports.ts';
import type { Visitor } from '../domain/visitor.ts';
import { isPageOf } from './has-page.ts';

export interface InformationDeps {
  readonly items: ItemSource;
  readonly images: ImageReader;
  access(): AccessModel;
  now(): Date;
}

export type InformationOutcome =
  | { readonly kind: 'not-found' }
  /** Nothing the visitor does can help, so nothing of the item is told. */
  | { readonly kind: 'refused'; readonly decision: Extract<Decision, { outcome: 'refused' }> }
  | {
      readonly kind: 'information';
      readonly item: Item;
      readonly description: SourceDescription;
      readonly decision: Exclude<Decision, { outcome: 'refused' }>;
      /** Every service that opens the item, in the order of the policy: also for those who have access, so that they can sign out. */
      readonly services: readonly AccessService[];
    };

/** One information request: find, decide, describe. Who lacks access gets the true document all the same (Authentication 1.0 §3.1). */
export async function serveInformation(
  deps: InformationDeps,
  identifier: string,
  visitor: () => Promise<Visitor>,
): Promise<InformationOutcome> {
  const item = await deps.items.find(identifier);
  if (item?.kind !== 'image') return { kind: 'not-found' };

  const access = deps.access();
  const decision = decide(access, item.path, await visitor(), deps.now());
  if (decision.outcome === 'refused') return { kind: 'refused', decision };

  const description = await deps.images.describe(item);
  if (!isPageOf(item, description)) return { kind: 'not-found' };
  return { kind: 'information', item, description, decision, services: servicesOf(access, decision) };
}

function servicesOf(access: AccessModel, decision: Exclude<Decision, { outcome: 'refused' }>): readonly AccessService[] {
  const allow = decision.policy?.allow ?? 'everyone';
  if (allow === 'everyone') return [];
  const names = new Set(allow.map((rule) => rule.service));
  return [...names].flatMap((name) => access.services.get(name) ?? []);
}
