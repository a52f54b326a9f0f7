import type { Decision } from '../../domain/access.ts';
import { timingTexts } from '../../domain/timing-texts.ts';
import { chooseTexts } from '../../iiif/auth/language.ts';
import type { LanguageMap } from '../../lib/language-map.ts';
import { noticePage } from '../../ui/pages/notice.ts';
import type { Language } from '../../ui/texts.ts';
import type { HttpRequest, Reply } from '../server/exchange.ts';
import { page } from '../server/reply.ts';

/** Instead of the page of an item that nobody may see now. `otherwise`: what it says where time has nothing to do with it. */
export function closedNotice(
  request: HttpRequest,
  lang: Language,
  decision: Extract<Decision, { outcome: 'refused' }>,
  otherwise: { readonly heading: string; readonly text: string },
): Reply {
  const texts = timingTexts(decision);
  const say = (map: LanguageMap): string => chooseTexts(map, [lang]).join(' ');
  const words = texts === null ? otherwise : { heading: say(texts.heading), text: say(texts.note) };
  return page(403, noticePage({ base: request.base, lang, ...words }));
}
