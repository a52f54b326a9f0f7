import { LRUCache } from 'lru-cache';
import type { MediaDescription } from '../../domain/item.ts';
import type { MediaFiles, RemoteFiles } from '../../domain/ports.ts';
import { describeMedia } from './describe-media.ts';
import { readFile } from './read-file.ts';

/** Some 100 bytes each. */
const MAX_DESCRIPTIONS = 10_000;

/** Files from the disk, or from `remote`. What they say of themselves is read once and kept as long as they stay the same. */
export function createMediaFiles(remote: RemoteFiles | null): MediaFiles {
  const known = new LRUCache<string, Promise<MediaDescription>>({ max: MAX_DESCRIPTIONS });
  return {
    read: (source, start, length) =>
      source.remote === undefined || remote === null ? readFile(source, start, length) : remote.stream(source, start, length),
    describe({ path, mediaType, source }) {
      const key = `${source.version} ${path}`;
      const described = known.get(key) ?? describeMedia(source, mediaType, remote);
      known.set(key, described);
      return described;
    },
  };
}
