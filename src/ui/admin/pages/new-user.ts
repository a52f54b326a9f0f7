import { html } from '../../html.ts';
import { formTokenField } from '../../pages/access-frame.ts';
import { type AdminFrame, renderAdmin } from '../document.ts';
import { errorSummary, field } from '../parts.ts';
import { roleFields } from '../user-parts.ts';

export interface NewUserPage {
  /** Where the form is posted to. Fields: `name`, `email`, `role`, `roles`, `way` (`invite`, `password`), `password`. */
  readonly action: string;
  readonly formToken: string;
  readonly roles: readonly string[];
  readonly typed: { readonly name: string; readonly email: string; readonly roles: readonly string[]; readonly way: 'invite' | 'password' };
  readonly error: { readonly field: string | null; readonly sentence: string } | null;
}

/** `/admin/users/new` */
export function newUserPage(frame: AdminFrame, shown: NewUserPage): string {
  const title = 'Add a user';
  const { typed, error } = shown;
  const errorOf = (name: string) => (error?.field === name ? error.sentence : null);
  const checked = (way: string) => (typed.way === way ? html` checked` : null);
  return renderAdmin(frame, {
    title: error === null ? title : `Error: ${title}`,
    section: 'users',
    main: html`<h1>${title}</h1>
${errorSummary(error === null ? [] : [error])}<form method="post" action="${shown.action}" class="sheet">
${formTokenField(shown.formToken)}
${field({ name: 'name', label: 'User name', hint: 'With which the person signs in.', value: typed.name, required: true, autofocus: true, maxLength: 200, error: errorOf('name') })}${field({ name: 'email', label: 'E-mail', hint: 'May be left out.', type: 'email', value: typed.email, maxLength: 254, error: errorOf('email') })}${roleFields(shown.roles, typed.roles, errorOf('roles'))}<fieldset class="field"><legend>Password</legend>
<label class="choice"><input type="radio" name="way" value="invite"${checked('invite')}> Invite: you get a link to hand on, and the person sets the password</label>
<label class="choice"><input type="radio" name="way" value="password"${checked('password')}> Set this password now:</label>
${field({ name: 'password', label: 'Password', type: 'password', hint: 'Only where you set it now. Ten characters or more.', autocomplete: 'new-password', error: errorOf('password') })}</fieldset>
<p class="buttons"><button type="submit" class="primary">Add the user</button></p>
</form>`,
  });
}
