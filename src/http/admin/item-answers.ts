import type { Item } from '../../domain/item.ts';
import type { Clock } from '../../domain/ports.ts';
import type { Visitor } from '../../domain/visitor.ts';
import { answerProbe, type ProbeDeps } from '../../flows/answer-probe.ts';
import type { VisitAudit } from '../../flows/audit-visits.ts';
import { encodeIdentifier } from '../../iiif/image/parse-path.ts';
import { Failure, PROBLEMS } from '../../lib/problems.ts';
import { createImageApi, type ImageApiDeps } from '../iiif/image-api.ts';
import { createManifest } from '../iiif/manifest.ts';
import type { ManifestDeps } from '../iiif/manifest-deps.ts';
import { createMedia, createStream, type MediaHandlerDeps } from '../media/media.ts';
import { itemFileUri } from '../media/media-uri.ts';
import { itemUris } from '../pages/page-uris.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';

/** The parts of the server that give content to readers. */
export interface ContentDeps {
  readonly imageApi: ImageApiDeps;
  readonly media: MediaHandlerDeps;
  readonly manifest: ManifestDeps;
}

/** What administrators are told of content. */
export interface ContentAnswers {
  /** What this visitor would be answered at this time about an item, or a tier of one. Nothing is written down. */
  about(request: HttpRequest, item: Item, asking: Asking): Promise<readonly ItemAnswer[]>;
  /** One small picture of an item, whatever the policies say. */
  thumbnail(request: HttpRequest, identifier: string): Promise<Reply>;
  /** Our pages that show an item to readers: what they are called, and where they are. */
  pages(request: HttpRequest, item: Item): ReadonlyArray<readonly [name: string, path: string]>;
}

/** What the server would answer to one request of somebody. */
export interface ItemAnswer {
  readonly what: 'information' | 'pixels' | 'file' | 'probe' | 'manifest';
  readonly uri: string;
  readonly status: number;
  /** The address that the visitor is sent on to; null for none. */
  readonly location: string | null;
}

/** Whoever asks, and when. */
export interface Asking {
  readonly visitor: Visitor;
  readonly now: Date;
}

/**
 * What this visitor would be answered at this time about an item, or a tier of one: asked of the handlers that answer
 * readers, so that nothing else is told here than there. Nothing is written down, and no pixels are made.
 */
export async function answersAbout(deps: ContentDeps, request: HttpRequest, item: Item, asking: Asking): Promise<readonly ItemAnswer[]> {
  const { slashSubstitute } = deps.imageApi;
  const encoded = encodeIdentifier(item.identifier, slashSubstitute);
  const { information, service, manifest } = itemUris(request.base, item.identifier, slashSubstitute);
  const images = createImageApi(3, { ...imagine(deps.imageApi, asking), signedBase: () => null });
  const manifests = createManifest(3, imagine(deps.manifest, asking));
  const ask = (what: ItemAnswer['what'], uri: string, handler: Handler, params: HttpRequest['params']) =>
    askQuietly(what, uri, handler, { ...only(request), params });
  const fileAnswer = (uri: string) => {
    const [, streamPath] = uri.split(`${request.base}/media/stream/`);
    const media = imagine(deps.media, asking);
    if (streamPath !== undefined) return ask('file', uri, createStream(media), { path: streamPath });
    return ask('file', uri, createMedia(media), { identifier: encoded });
  };
  const content =
    item.kind === 'image'
      ? [
          ask('information', information, images, { rest: `${encoded}/info.json` }),
          ask('pixels', `${service}/full/max/0/default.jpg`, images, { rest: `${encoded}/${SMALLEST}` }),
        ]
      : [fileAnswer(itemFileUri(request.base, item, slashSubstitute))];
  const more = item.tier === undefined ? [ask('manifest', manifest, manifests, { identifier: encoded })] : [];
  return Promise.all([...content, probeAnswer(deps.imageApi, request, item, asking), ...more]);
}

/** The picture that is asked for to know what would be answered. */
export const SMALLEST = 'full/!1,1/0/default.jpg';

/** The same handlers, for somebody else at another time. */
export function imagine<T extends object>(deps: T, { visitor, now }: Asking) {
  return { ...deps, recognise: async () => visitor, now: () => now, visits: SILENT };
}

const SILENT: VisitAudit = { given: () => {}, refused: () => {}, turnedAway: () => {} };

/** Nobody's cookies or tokens. Whoever has a copy already gets no new one, so that none is made: 304 for 200. */
const QUIET = {
  method: 'HEAD',
  query: new URLSearchParams(),
  cookies: new Map<string, string>(),
  header: (name: string) => (name === 'if-none-match' ? '*' : null),
};

type Asked = Omit<HttpRequest, keyof typeof QUIET>;

export function only({ path, address, origin, base, form, json, raw, signal }: HttpRequest) {
  return { path, address, origin, base, form, json, raw, signal };
}

/** What a handler would answer, without a body. */
export async function askQuietly(what: ItemAnswer['what'], uri: string, handler: Handler, request: Asked): Promise<ItemAnswer> {
  try {
    const { status, headers }: Reply = await handler({ ...QUIET, ...request });
    const { location } = headers;
    return { what, uri, status: status === 304 ? 200 : status, location: typeof location === 'string' ? location : null };
  } catch (error) {
    return { what, uri, status: statusOf(error), location: null };
  }
}

/** Of a file that cannot be read. */
function statusOf(error: unknown): number {
  if (!(error instanceof Failure)) throw error;
  return PROBLEMS[error.refusal.code].status;
}

type ProbedDeps = Omit<ProbeDeps, 'clock' | 'visits'> & { readonly slashSubstitute: string | null };

/** https://iiif.io/api/auth/2.0/#probe-service */
export async function probeAnswer(deps: ProbedDeps, { base }: HttpRequest, item: Item, { visitor, now }: Asking): Promise<ItemAnswer> {
  const clock: Clock = { now: () => now };
  const uri = `${base}/auth/probe/${encodeIdentifier(item.identifier, deps.slashSubstitute)}`;
  try {
    const { status } = await answerProbe({ ...deps, clock, visits: SILENT }, item.identifier, visitor);
    return { what: 'probe', uri, status, location: null };
  } catch (error) {
    return { what: 'probe', uri, status: statusOf(error), location: null };
  }
}
