import type { ListedAccessRequest, RequestDecision } from '../../domain/access-request.ts';
import { writeGrantEnd } from '../../domain/item-grant.ts';
import { fill, interfaceLanguage } from '../texts.ts';
import { requestTextsIn } from './request-texts.ts';

interface MailText {
  readonly subject: string;
  readonly text: string;
}

/** To whoever asked, in the language in which they did. `base`: what links begin with. */
export function answeredMail(
  request: Pick<ListedAccessRequest, 'userName' | 'item' | 'language'>,
  decision: Exclude<RequestDecision, { kind: 'withdrawn' }>,
  base: string,
): MailText {
  const language = interfaceLanguage(request.language);
  const r = requestTextsIn(language);
  const values = {
    user: request.userName,
    item: request.item,
    date: decision.kind === 'granted' ? writeGrantEnd(decision.until, language) : '',
  };
  const isGranted = decision.kind === 'granted';
  const answer = decision.answer === null ? [] : [`${r.mailAnswer}\n${decision.answer}`];
  return {
    subject: fill(isGranted ? r.mailGrantedSubject : r.mailDeclinedSubject, values),
    text: `${[fill(isGranted ? r.mailGranted : r.mailDeclined, values), ...answer, `${r.mailLink} ${base}/requests`].join('\n\n')}\n`,
  };
}

/** To administrators, in English as their pages are. */
export function askedMail(request: { readonly userName: string; readonly item: string; readonly reason: string }, base: string): MailText {
  return {
    subject: `Request for access: ${request.item}`,
    text: `${request.userName} asks to see ${request.item}.\n\nTheir reason:\n${request.reason}\n\nDecide at ${base}/admin/requests\n`,
  };
}
