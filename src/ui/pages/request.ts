import { LONGEST_REASON } from '../../domain/access-request.ts';
import { type PageFrame, renderDocument, rootPath } from '../document.ts';
import { html } from '../html.ts';
import { fill, interfaceLanguage, textsIn } from '../texts.ts';
import { formTokenField } from './access-frame.ts';
import { requestTextsIn } from './request-texts.ts';

export interface RequestPage extends PageFrame {
  /** Name of the item, as far as it may be told. */
  readonly title: string;
  /** Where the form is posted to, query included. Fields: `reason`, `form-token`. */
  readonly action: string;
  readonly formToken: string;
  readonly userName: string;
  /** Where the answer is sent too; null for nowhere. */
  readonly mailAddress: string | null;
  /** What was typed before, or empty. */
  readonly reason: string;
  /** What is wrong with it, as a sentence; null for nothing. */
  readonly error: string | null;
}

/** `/request-access`: asks for one item, with a reason. */
export function requestPage(page: RequestPage): string {
  const language = interfaceLanguage(page.lang);
  const [t, r] = [textsIn(language), requestTextsIn(language)];
  const invalid = page.error === null ? null : html` aria-invalid="true" aria-describedby="request-error reason-hint"`;
  return renderDocument(page, {
    kind: 'form',
    title: `${page.error === null ? '' : `${r.notSent} `}${r.heading}`,
    main: html`<h1>${r.heading}</h1>
<p><strong><bdi>${page.title}</bdi></strong></p>
<p class="hint">${fill(t.signedInAs, { user: page.userName })} ${r.intro}${page.mailAddress === null ? null : ` ${fill(r.byMail, { address: page.mailAddress })}`}</p>
${page.error === null ? null : html`<p class="error" id="request-error" role="alert"><strong>${r.notSent}</strong> ${page.error}</p>`}
<form method="post" action="${page.action}">
${formTokenField(page.formToken)}
<p class="field"><label for="reason">${r.reason}</label>
<textarea id="reason" name="reason" rows="5" required maxlength="${LONGEST_REASON}"${invalid ?? html` aria-describedby="reason-hint"`}>${page.reason}</textarea></p>
<p class="hint" id="reason-hint">${r.reasonHint}</p>
<p class="buttons"><button type="submit" class="primary">${r.send}</button></p>
</form>
<p><a href="${rootPath(page.base)}/requests">${r.listHeading}</a></p>`,
  });
}
