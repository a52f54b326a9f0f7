import { embargoTexts } from '../../iiif/auth/embargo-texts.ts';
import { chooseTexts } from '../../iiif/auth/language.ts';
import { noticePage } from '../../ui/pages/notice.ts';
import type { Language } from '../../ui/texts.ts';
import type { HttpRequest, Reply } from '../server/exchange.ts';
import { page } from '../server/reply.ts';

/** Instead of the page of an item that nobody may see yet. */
export function embargoNotice(request: HttpRequest, lang: Language, until: Date): Reply {
  const { heading, note } = embargoTexts(until, 'nobody');
  const say = (map: typeof heading): string => chooseTexts(map, [lang]).join(' ');
  return page(403, noticePage({ base: request.base, lang, heading: say(heading), text: say(note) }));
}
