import type { MediaDescription, Source } from '../../domain/item.ts';
import type { RemoteFiles } from '../../domain/ports.ts';
import { describeAac } from './aac.ts';
import { type FileReader, readerOf, withFile } from './file-reader.ts';
import { describeFlac } from './flac.ts';
import { describeMp3 } from './mp3.ts';
import { describeMp4 } from './mp4.ts';
import { describeOgg } from './ogg.ts';
import { describeDash, describeHls } from './playlists.ts';
import { describeWav } from './wav.ts';
import { describeWebm } from './webm.ts';

const NOTHING: MediaDescription = { seconds: null, size: null };

type Describe = (reader: FileReader, file: string) => Promise<MediaDescription>;

const BY_TYPE: Readonly<Record<string, Describe>> = {
  'video/mp4': describeMp4,
  'video/quicktime': describeMp4,
  'audio/mp4': describeMp4,
  'video/webm': describeWebm,
  'audio/webm': describeWebm,
  'video/ogg': describeOgg,
  'audio/ogg': describeOgg,
  'audio/mpeg': describeMp3,
  'audio/wav': describeWav,
  'audio/flac': describeFlac,
  'audio/aac': describeAac,
  'application/dash+xml': describeDash,
  'application/vnd.apple.mpegurl': describeHls,
};

/** Duration and size, as far as the headers of the file tell. Never fails: a film that lies about itself can still be watched. */
export async function describeMedia(source: Source, mediaType: string, remote: RemoteFiles | null): Promise<MediaDescription> {
  const describe = BY_TYPE[mediaType];
  if (describe === undefined) return NOTHING;
  try {
    if (source.remote === undefined || remote === null) return sane(await withFile(source.file, (reader) => describe(reader, source.file)));
    const reader = readerOf(source.bytes, (offset, length) => remote.read(source, offset, length));
    return sane(await describe(reader, source.file));
  } catch {
    return NOTHING;
  }
}

/** Longer or larger than anything is a damaged header. */
const MOST_SECONDS = 1_000_000;
const MOST_PIXELS = 100_000;

function sane({ seconds, size }: MediaDescription): MediaDescription {
  const isSide = (pixels: number) => Number.isInteger(pixels) && pixels > 0 && pixels <= MOST_PIXELS;
  return {
    seconds: seconds !== null && seconds > 0 && seconds <= MOST_SECONDS ? seconds : null,
    size: size !== null && isSide(size.width) && isSide(size.height) ? size : null,
  };
}
