import type { AccessModel, Decision } from '../../domain/access.ts';
import { decide } from '../../domain/decide.ts';
import { isPlaylistType } from '../../domain/media-types.ts';
import type { Catalogue, ItemSource, MediaFiles } from '../../domain/ports.ts';
import type { Visitor } from '../../domain/visitor.ts';
import { tellingAbout } from '../../domain/when-locked.ts';
import { findItem } from '../../flows/find-item.ts';
import { bestOpened, findSubstitutes, standFor } from '../../flows/find-substitutes.ts';
import type { Seating } from '../../flows/take-seat.ts';
import { authUris } from '../../iiif/auth/uris.ts';
import { parseIdentifier } from '../../iiif/image/parse-path.ts';
import { isRefusal } from '../../lib/problems.ts';
import { accessWords, serviceLabel } from '../../ui/access-words.ts';
import { rootPath } from '../../ui/document.ts';
import { mediaPage } from '../../ui/pages/media.ts';
import { noticePage } from '../../ui/pages/notice.ts';
import { problemTitle } from '../../ui/problem-titles.ts';
import { type Language, preferredLanguage, textsIn } from '../../ui/texts.ts';
import { mediaFactsOf, toldFacts } from '../media/media-facts.ts';
import { itemFileUri } from '../media/media-uri.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { PAGE_POLICY, page } from '../server/reply.ts';
import { closedNotice } from './closed-notice.ts';
import { folderPath, itemUris, requestLink } from './page-uris.ts';
import { titleFor } from './picture-title.ts';
import { linksFor } from './visitor-links.ts';

export interface MediaPageDeps {
  readonly items: Pick<ItemSource, 'find'>;
  readonly files: Pick<MediaFiles, 'describe'>;
  readonly slashSubstitute: string | null;
  readonly catalogue: Pick<Catalogue, 'find'>;
  /** What an item is called, by its path; null where only its file name is known. */
  titleOf(path: string): string | null;
  access(): AccessModel;
  recognise(request: HttpRequest): Promise<Visitor>;
  now(): Date;
  readonly seating: Pick<Seating, 'seat'>;
}

/** Players hand a stream to the browser as a `blob:`; a PDF is an object, and in it a frame. */
const MEDIA_POLICY = `${PAGE_POLICY}; media-src 'self' blob:; object-src 'self'; frame-src 'self'`;

/** `/view/media/:identifier`, for an item or a tier of one. Who may not have the item yet gets its best tier beside the way in. */
export function createMediaPage(deps: MediaPageDeps): Handler {
  return async (request) => {
    const lang = preferredLanguage(request.header('accept-language'));
    const identifier = parseIdentifier(request.params['identifier'] ?? '', deps);
    const access = deps.access();
    const item = isRefusal(identifier) ? null : await findItem(deps.items, access, identifier);
    if (item === null || item.kind === 'image') return missing(request, lang);
    const visitor = await deps.seating.seat(await deps.recognise(request), item);
    const decision = decide(access, item.path, visitor, deps.now(), item.tier);
    const substitutes = decision.outcome === 'allowed' ? [] : await findSubstitutes(deps.items, access, item, visitor, deps.now());
    const standing = standFor(decision, substitutes);
    if (decision.outcome === 'refused' && standing === null) return closed(request, decision, lang);
    const tier = bestOpened(substitutes);
    const shown = tier ?? item;
    const toUnlock = decision.outcome === 'refused' ? (substitutes[0]?.decision ?? decision) : decision;
    const root = rootPath(request.base);
    const telling = tellingAbout(access, item, visitor, deps.now());
    const body = mediaPage({
      base: request.base,
      lang,
      title: await titleFor(deps, item, telling, lang),
      facts: toldFacts(await mediaFactsOf(deps.files, shown, item.kind), tier === null ? telling.dimensions : true),
      mediaType: shown.mediaType,
      isStream: isPlaylistType(shown.mediaType),
      isLocked: decision.outcome !== 'allowed' && tier === null,
      access: accessWords(decision, { access, lang, now: deps.now() }, tier?.tier),
      services: servicesOf(toUnlock, root, lang, deps),
      links: {
        manifest: itemUris(request.base, item.identifier, deps.slashSubstitute).manifest,
        folder: folderPath(request.base, item.path.split('/').slice(0, -1).join('/')),
        file: itemFileUri(root, shown, deps.slashSubstitute),
        request: requestLink(request.base, item, decision),
      },
      visitor: linksFor(visitor, access, request),
    });
    return page(200, body, { 'content-security-policy': MEDIA_POLICY });
  };
}

function servicesOf(decision: Decision, root: string, lang: Language, { slashSubstitute }: MediaPageDeps) {
  if (decision.outcome !== 'access-needed') return [];
  // An external service has no window of its own.
  const services = decision.services.filter(({ pattern }) => pattern !== 'external');
  return services.map((service) => ({ label: serviceLabel(service, lang), uri: authUris(root, slashSubstitute).access(service.name) }));
}

function closed(request: HttpRequest, decision: Extract<Decision, { outcome: 'refused' }>, lang: Language): Reply {
  return closedNotice(request, lang, decision, { heading: problemTitle('access.refused', lang), text: textsIn(lang).pictureClosedText });
}

function missing(request: HttpRequest, lang: Language): Reply {
  const heading = problemTitle('not-found', lang);
  return page(404, noticePage({ base: request.base, lang, heading, text: textsIn(lang).pictureMissingText }));
}
