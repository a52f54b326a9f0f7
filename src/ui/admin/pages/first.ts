import { html } from '../../html.ts';
import { formTokenField } from '../../pages/access-frame.ts';
import { renderAdminForm } from '../document.ts';
import { errorSummary, field } from '../parts.ts';

export interface FirstAdministratorPage {
  readonly base: string;
  /** Where the form is posted to. Fields: `user`, `password`, `again`, `form-token`. */
  readonly action: string;
  readonly formToken: string;
  readonly error: { readonly field: 'user' | 'password' | 'again'; readonly sentence: string } | null;
  readonly userName: string;
}

export function firstAdministratorPage(page: FirstAdministratorPage): string {
  const title = 'Create the first administrator';
  const errorOf = (name: string) => (page.error?.field === name ? page.error.sentence : null);
  return renderAdminForm(page.base, {
    title: page.error === null ? title : `Error: ${title}`,
    main: html`<h1>${title}</h1>
<p>Whoever signs in with this name and password may change who sees what on this server, and add other people.</p>
${errorSummary(page.error === null ? [] : [page.error])}<form method="post" action="${page.action}">
${formTokenField(page.formToken)}
${field({ name: 'user', label: 'User name', value: page.userName, autocomplete: 'username', required: true, autofocus: true, maxLength: 200, error: errorOf('user') })}${field({ name: 'password', label: 'Password', type: 'password', hint: 'Ten characters or more. A few words are easy to keep and hard to guess.', autocomplete: 'new-password', required: true, error: errorOf('password') })}${field({ name: 'again', label: 'The same password again', type: 'password', autocomplete: 'new-password', required: true, error: errorOf('again') })}<p class="buttons"><button type="submit" class="primary">Create and sign in</button></p>
</form>`,
  });
}
