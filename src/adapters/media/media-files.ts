import { LRUCache } from 'lru-cache';
import type { MediaDescription } from '../../domain/item.ts';
import type { MediaFiles } from '../../domain/ports.ts';
import { describeMedia } from './describe-media.ts';
import { readFile } from './read-file.ts';

/** Some 100 bytes each. */
const MAX_DESCRIPTIONS = 10_000;

/** Files from the disk. What they say of themselves is read once and kept as long as they stay the same. */
export function createMediaFiles(): MediaFiles {
  const known = new LRUCache<string, Promise<MediaDescription>>({ max: MAX_DESCRIPTIONS });
  return {
    read: readFile,
    describe({ path, mediaType, source }) {
      const key = `${source.version} ${path}`;
      const described = known.get(key) ?? describeMedia(source.file, mediaType);
      known.set(key, described);
      return described;
    },
  };
}
