import { html } from '../../html.ts';
import { formTokenField } from '../../pages/access-frame.ts';
import { renderAdminForm } from '../document.ts';

export interface EndedSessionPage {
  readonly base: string;
  /** Where the form that waits is posted to, query included. */
  readonly action: string;
  readonly formToken: string;
  /** What was typed into it. */
  readonly carried: ReadonlyArray<readonly [name: string, value: string]>;
  /** The address of the sign-in. */
  readonly signIn: string;
}

/** For an administrator whose session ended while something was typed. */
export function endedSessionPage(page: EndedSessionPage): string {
  const title = 'Your session has ended';
  return renderAdminForm(page.base, {
    title,
    main: html`<h1>${title}</h1>
<p>Nothing was done yet, and nothing that you typed is lost. <a href="${page.signIn}" target="_blank">Sign in, in another tab</a>, come back here, and go on.</p>
<form method="post" action="${page.action}">
${formTokenField(page.formToken)}
${page.carried.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">\n`)}<p class="buttons"><button type="submit" class="primary">Go on</button></p>
</form>`,
  });
}
