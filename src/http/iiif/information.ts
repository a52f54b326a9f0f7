/**
 * Information requests: who gets which document, with which status.
 * https://iiif.io/api/auth/1.0/#interaction-with-access-controlled-resources and https://iiif.io/api/auth/2.0/#probe-service
 */
import type { AccessService, Decision } from '../../domain/access.ts';
import type { Visitor } from '../../domain/visitor.ts';
import type { VisitAudit } from '../../flows/audit-visits.ts';
import { type InformationDeps, type InformationOutcome, serveInformation } from '../../flows/serve-information.ts';
import type { SignedItem } from '../../flows/sign-path.ts';
import type { Seating } from '../../flows/take-seat.ts';
import { itemAuthServices } from '../../iiif/auth/item-services.ts';
import { authUris } from '../../iiif/auth/uris.ts';
import { informationMediaType } from '../../iiif/image/headers.ts';
import type { ImageApiVersion } from '../../iiif/image/request.ts';
import { imageServiceUri } from '../../iiif/image/service-uri.ts';
import { once } from '../../lib/once.ts';
import { closedToOthers } from '../server/cors.ts';
import { documentReply } from '../server/document-reply.ts';
import type { HttpRequest, Reply } from '../server/exchange.ts';
import { problem } from '../server/reply.ts';
import { activateStorageAccess, VARY_STORAGE_ACCESS } from '../server/storage-access.ts';
import { closedItem } from './closed-item.ts';
import { challenge, deniedContent, NO_IMAGE, type Readers } from './denied-image.ts';

/** What an information document is to hold, whatever else it says. */
export interface StatedInformation {
  readonly version: ImageApiVersion;
  /** The base URI of the image service, without a slash at the end. */
  readonly id: string;
  /** In the syntax of the version. */
  readonly services: ReadonlyArray<Readonly<Record<string, unknown>>>;
}

export type ToldInformation = Extract<InformationOutcome, { kind: 'information' }>;

export interface WrittenInformation {
  readonly document: object;
  /** Value of `Link`: which level of the Image API it is. */
  readonly profile: string;
  /** When what it is about was changed last; null where nobody knows. */
  readonly modified: Date | null;
}

export interface InformationApiDeps extends InformationDeps {
  readonly visits: VisitAudit;
  readonly seating: Pick<Seating, 'seat'>;
  readonly slashSubstitute: string | null;
  /** Status of a locked item's information document. */
  readonly lockedInformationStatus: 401 | 200;
  recognise(request: HttpRequest, purpose: 'information'): Promise<Visitor>;
  /** What the item's URIs begin with where the visitor gets it without cookies; null where not. */
  signedBase(request: HttpRequest, visitor: Visitor, item: SignedItem): string | null;
  /** Short text of a document, for its ETag. */
  digest(text: string): string;
}

/** Writes the document of what was found, with no more in it than may be told. */
export type WriteInformation = (told: ToldInformation, stated: StatedInformation) => WrittenInformation | Promise<WrittenInformation>;

export async function answerInformation(
  deps: InformationApiDeps,
  request: HttpRequest,
  asked: { readonly version: ImageApiVersion; readonly identifier: string },
  write: WriteInformation,
): Promise<Reply> {
  const { version, identifier } = asked;
  const visitor = once(() => deps.recognise(request, 'information'));
  const outcome = await serveInformation(deps, identifier, visitor);
  if (outcome.kind === 'not-found') return problem(NO_IMAGE);
  if (outcome.kind === 'refused') return problem(closedItem(outcome.decision, 'item'));
  const { decision } = outcome;
  const who = await visitor();
  // By a signed path there is the item or nothing: what leads to the item has an address of its own.
  if (who.by === 'signed-path' && decision.outcome !== 'allowed') return problem(deniedContent(decision), challenge('Cookie', decision));
  const isOpen = decision.outcome === 'allowed' && decision.open;
  const readers = isOpen ? {} : closedToOthers(who, request.header('origin'));
  // Where nothing can open the item, no service in its document would lead to the tier.
  if (outcome.tier !== null && (deps.lockedInformationStatus === 401 || decision.outcome === 'refused')) {
    const location = `${imageServiceUri(request.base, version, outcome.tier.identifier, deps.slashSubstitute)}/info.json`;
    return tierReply(request, location, decision, readers);
  }
  const written = await write(outcome, stateInformation(deps, request, version, outcome, who));
  return informationReply(deps, request, version, outcome, { written, readers });
}

/** https://iiif.io/api/auth/1.0/#tiered-access: who lacks access is sent to the document of a lower tier. */
function tierReply(request: HttpRequest, location: string, decision: Decision, readers: Readers): Reply {
  // Browsers that have kept the cookie back ask again with it, before they go on.
  const asks = decision.outcome === 'access-needed' ? activateStorageAccess(request) : {};
  const vary = `Authorization, Cookie, ${VARY_STORAGE_ACCESS}`;
  return { status: 302, headers: { location, 'cache-control': 'no-store', vary, ...readers, ...asks }, body: null };
}

function stateInformation(
  deps: InformationApiDeps,
  request: HttpRequest,
  version: ImageApiVersion,
  { item, decision, services }: ToldInformation,
  who: Visitor,
): StatedInformation {
  const isForSome = decision.outcome === 'allowed' && !decision.open;
  const signedBase = isForSome ? deps.signedBase(request, who, { identifier: item.identifier, until: decision.until }) : null;
  // Beside a service, viewers would take another id for that of a lesser version.
  const named = signedBase !== null || who.by === 'signed-path' ? [] : services;
  return {
    version,
    id: imageServiceUri(signedBase ?? request.base, version, item.identifier, deps.slashSubstitute),
    services: authServices(deps, request, version, item.identifier, named),
  };
}

function informationReply(
  deps: InformationApiDeps,
  request: HttpRequest,
  version: ImageApiVersion,
  outcome: ToldInformation,
  { written, readers }: { readonly written: WrittenInformation; readonly readers: Readers },
): Reply {
  const { decision } = outcome;
  const body = `${JSON.stringify(written.document, null, 2)}\n`;
  const mediaType = informationMediaType(version, request.header('accept'));
  const headers = {
    link: written.profile,
    // The texts of access services are in the reader's language.
    vary: outcome.services.length > 0 ? `Accept, Accept-Language, Authorization, Cookie, ${VARY_STORAGE_ACCESS}` : 'Accept',
    ...readers,
  };
  if (decision.outcome === 'access-needed') {
    const asks = { ...challenge('Bearer', decision), ...activateStorageAccess(request) };
    const locked = { 'content-type': mediaType, ...headers, ...asks, 'cache-control': 'no-store' };
    return { status: deps.lockedInformationStatus, headers: locked, body };
  }
  const open = decision.outcome === 'allowed' && decision.open;
  return documentReply(request, { body, mediaType, modified: written.modified, open, until: decision.until, headers }, deps);
}

function authServices(
  deps: InformationApiDeps,
  request: HttpRequest,
  version: ImageApiVersion,
  identifier: string,
  services: readonly AccessService[],
) {
  const described = itemAuthServices({
    version,
    services,
    uris: authUris(request.base, deps.slashSubstitute),
    identifier,
    acceptLanguage: request.header('accept-language'),
  });
  return described.map((service) => ({ ...service }));
}
