import { type ParsedPath, parseImagePath } from '../../iiif/image/parse-path.ts';
import type { ImageApiVersion, ImageRequest } from '../../iiif/image/request.ts';
import { imageServiceUri } from '../../iiif/image/service-uri.ts';
import { writeRequest } from '../../iiif/image/write-request.ts';
import { isRefusal, type Refusal, refuse } from '../../lib/problems.ts';

/** A path of the Image API. */
export interface AskedPath {
  readonly version: ImageApiVersion;
  /** Below `/iiif/{version}/`, as sent. */
  readonly rest: string;
  readonly parsed: ParsedPath;
}

const API = /^\/iiif\/([23])\/(.*)$/s;
const NO_IMAGE_ADDRESS = refuse('not-found', 'There is no image at this address.');

export function parseAskedPath(path: string, slashSubstitute: string | null): AskedPath | Refusal {
  const [, digit, rest = ''] = API.exec(path) ?? [];
  if (digit === undefined) return NO_IMAGE_ADDRESS;
  const version = digit === '3' ? 3 : 2;
  const parsed = parseImagePath(rest, version, { slashSubstitute });
  return isRefusal(parsed) ? parsed : { version, rest, parsed };
}

export function identifierOf({ parsed }: AskedPath): string {
  return parsed.kind === 'image' ? parsed.request.identifier : parsed.identifier;
}

/** Null where no pixels are asked for. */
export function imageRequestOf({ parsed }: AskedPath): ImageRequest | null {
  return parsed.kind === 'image' ? parsed.request : null;
}

/** The one spelling of it. */
export function canonicalPath(asked: AskedPath, slashSubstitute: string | null): string {
  const service = imageServiceUri('', asked.version, identifierOf(asked), slashSubstitute);
  const request = imageRequestOf(asked);
  return `${service}/${request === null ? 'info.json' : writeRequest(request)}`;
}
