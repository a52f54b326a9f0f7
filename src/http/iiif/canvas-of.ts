import type { Item } from '../../domain/item.ts';
import { canvasUri, type PresentationVersion } from '../../iiif/presentation/manifest.ts';

/** The canvas of an item: of a page of a file, or of a tier, which has one of its own. */
export function canvasOf(item: Item, version: PresentationVersion, base: string, slashSubstitute: string | null): string {
  return item.tier === undefined
    ? canvasUri(base, version, item.path, slashSubstitute, item.page)
    : canvasUri(base, version, item.identifier, slashSubstitute, 1);
}
