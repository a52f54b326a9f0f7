import type { DerivativeKey } from '../domain/derivative.ts';
import type { Item } from '../domain/item.ts';
import { tierKey } from '../domain/tier.ts';
import type { Plan } from '../iiif/image/plan.ts';

/** Everything that changes the bytes, what this server is set to (`rendering`) included, and never the person. */
export function derivativeKey(rendering: string, item: Item, plan: Plan): DerivativeKey {
  const { region: r, size: s } = plan;
  const turned = `${plan.mirrored ? '!' : ''}${plan.degrees}`;
  const pixels = `${r.x},${r.y},${r.width},${r.height}/${s.width},${s.height}/${turned}/${plan.quality}.${plan.format}`;
  const tier = item.tier === undefined ? '' : tierKey(item.tier);
  return {
    text: `${rendering}\n${item.identifier}\n${item.source.version}\n${tier}\n${pixels}`,
    item: item.path,
    standIn: item.standIn,
  };
}
