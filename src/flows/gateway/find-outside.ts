import type { Item } from '../../domain/item.ts';
import type { Upstreams } from '../../domain/upstream.ts';
import { planRegion } from '../../iiif/image/plan-region.ts';
import type { ImageRequest } from '../../iiif/image/request.ts';
import { isRefusal, type Refusal } from '../../lib/problems.ts';

/** A region outside of the image, which ends some image servers: it never reaches one. */
export async function findOutside(
  upstreams: Pick<Upstreams, 'readInformation'>,
  item: Item,
  { region }: ImageRequest,
): Promise<Refusal | null> {
  if (region.kind === 'full' || region.kind === 'square') return null;
  const { description } = await upstreams.readInformation(item);
  const planned = planRegion(region, description);
  return isRefusal(planned) ? planned : null;
}
