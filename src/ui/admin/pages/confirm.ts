import { html } from '../../html.ts';
import { formTokenField } from '../../pages/access-frame.ts';
import { type AdminFrame, renderAdmin } from '../document.ts';
import { errorSummary, field } from '../parts.ts';

/** The fields of the proof; all others belong to the form that waits. */
export const CONFIRM_FIELDS: ReadonlySet<string> = new Set(['confirm-password']);

export interface ConfirmPage {
  /** Where the form that waits is posted to, query included. */
  readonly action: string;
  readonly formToken: string;
  /** What was typed into it. */
  readonly carried: ReadonlyArray<readonly [name: string, value: string]>;
  readonly error: string | null;
}

/** Asks an administrator to prove again who it is, before something that matters. */
export function confirmPage(frame: AdminFrame, shown: ConfirmPage): string {
  const title = 'Confirm that it is you';
  return renderAdmin(frame, {
    title: shown.error === null ? title : `Error: ${title}`,
    section: null,
    main: html`<h1>${title}</h1>
<p>You signed in a while ago, and what you are about to do matters. Type your password once more; nothing that you typed before is lost.</p>
${errorSummary(shown.error === null ? [] : [{ field: 'confirm-password', sentence: shown.error }])}<form method="post" action="${shown.action}" class="sheet">
${formTokenField(shown.formToken)}
${shown.carried.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">\n`)}${field({
  name: 'confirm-password',
  label: 'Your password',
  type: 'password',
  autocomplete: 'current-password',
  required: true,
  autofocus: true,
  error: shown.error,
})}<p class="buttons"><button type="submit" class="primary">Go on</button></p>
</form>`,
  });
}
