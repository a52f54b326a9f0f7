import PQueue from 'p-queue';
import { type Item, pageOf, type SourceDescription } from '../domain/item.ts';
import type { ImageReader } from '../domain/ports.ts';
import { describeTier } from '../domain/tier.ts';

export interface DescribedPage {
  readonly item: Item;
  readonly description: SourceDescription;
}

/** More would make a manifest of many megabytes, and reading one page costs a walk over those before it. */
export const MOST_PAGES = 500;
const DESCRIBED_AT_ONCE = 4;

/** Every page of the file behind an item, or of a tier of it, up to `most`; the one page where the item is a later one. */
export async function describePages(
  images: Pick<ImageReader, 'describe'>,
  item: Item,
  description: SourceDescription,
  most = MOST_PAGES,
): Promise<readonly [DescribedPage, ...DescribedPage[]]> {
  const first = { item, description };
  if (item.page !== 1) return [first];
  const queue = new PQueue({ concurrency: DESCRIBED_AT_ONCE });
  const later = Array.from({ length: Math.max(0, Math.min(description.pages, most) - 1) }, (_, at) => pageOf(item, at + 2));
  const describe = async (page: Item) => ({ item: page, description: describeTier(await images.describe(page), page.tier) });
  const rest = await queue.addAll(later.map((page) => () => describe(page)));
  return [first, ...rest];
}
