import type { User } from '../../domain/session.ts';
import { USER_STATES, type UserState, userState } from '../../domain/user-query.ts';
import { type Html, html } from '../html.ts';

export const STATE_LABELS: Readonly<Record<UserState, string>> = { active: 'active', invited: 'invited', disabled: 'disabled' };

/** The state of a user, marked where it is not the ordinary one. */
export function stateTag(user: User): Html {
  const state = userState(user);
  return state === 'active' ? html`${STATE_LABELS.active}` : html`<span class="tag">${STATE_LABELS[state]}</span>`;
}

/** How pages call where somebody comes from. */
export function sourceLabel(source: string): string {
  return source === 'local' ? 'kept here' : source;
}

export interface OptionShown {
  readonly value: string;
  readonly label: string;
}

/** A labelled list to choose from; the first entry is everybody. */
export function filterField(name: string, label: string, every: string, options: readonly OptionShown[], chosen: string): Html {
  const entries = [{ value: '', label: every }, ...options].map(
    ({ value, label: text }) => html`<option value="${value}"${value === chosen ? html` selected` : null}>${text}</option>`,
  );
  return html`<div class="field"><label for="${name}">${label}</label>
<select id="${name}" name="${name}">${entries}</select></div>
`;
}

export function stateOptions(): readonly OptionShown[] {
  return USER_STATES.map((state) => ({ value: state, label: STATE_LABELS[state] }));
}

/** Boxes for the roles that are known, and a field for others. Fields: `role` (several), `roles`. */
export function roleFields(known: readonly string[], chosen: readonly string[], error: string | null): Html {
  const boxes = known.map(
    (
      role,
    ) => html`<label class="choice"><input type="checkbox" name="role" value="${role}"${chosen.includes(role) ? html` checked` : null}> ${role}</label>
`,
  );
  const others = chosen.filter((role) => !known.includes(role)).join(' ');
  const described = error === null ? 'roles-hint' : 'roles-hint roles-error';
  return html`<fieldset class="field"><legend>Roles given by hand</legend>
${boxes}${error === null ? null : html`<p class="wrong" id="roles-error">${error}</p>\n`}<label for="roles">Other roles</label>
<p class="hint" id="roles-hint">Names without spaces, with spaces or commas between them. What a role opens is written in the access file.</p>
<input id="roles" name="roles" type="text" value="${others}" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="1024" aria-describedby="${described}"${error === null ? null : html` aria-invalid="true"`}></fieldset>
`;
}
