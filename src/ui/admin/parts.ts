import { type Content, type Html, html } from '../html.ts';

/** A time in UTC, which the script of every page for administrators turns into the reader's own. */
export function adminTime(at: Date): Html {
  const text = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(at);
  return html`<time datetime="${at.toISOString()}">${text} UTC</time>`;
}

export interface FieldShown {
  readonly name: string;
  /** Where a page has several fields of one name. */
  readonly id?: string;
  readonly label: string;
  readonly type?: 'text' | 'password' | 'email' | 'search' | 'date' | 'datetime-local';
  readonly value?: string;
  readonly hint?: Content;
  /** Why what was typed is not accepted. */
  readonly error?: string | null;
  readonly required?: boolean;
  readonly autocomplete?: string;
  readonly autofocus?: boolean;
  readonly maxLength?: number;
}

/** A labelled field, with its hint and what is wrong with it. Its id is its name, unless it has one. */
export function field(shown: FieldShown): Html {
  const { name, id = name, label, type = 'text', value = '', hint = null, error = null, autocomplete = 'off', maxLength = 1024 } = shown;
  const described = [hint === null ? null : `${id}-hint`, error === null ? null : `${id}-error`].filter((id) => id !== null).join(' ');
  return html`<div class="field"><label for="${id}">${label}</label>
${hint === null ? null : html`<p class="hint" id="${id}-hint">${hint}</p>\n`}${error === null ? null : html`<p class="wrong" id="${id}-error">${error}</p>\n`}<input id="${id}" name="${name}" type="${type}" value="${value}" autocomplete="${autocomplete}" maxlength="${maxLength}" autocapitalize="none" spellcheck="false"${shown.required === true ? html` required` : null}${error === null ? null : html` aria-invalid="true"`}${described === '' ? null : html` aria-describedby="${described}"`}${shown.autofocus === true ? html` autofocus` : null}></div>
`;
}

/** What is wrong with a form, above it, with links to the fields; nothing where nothing is. */
export function errorSummary(errors: ReadonlyArray<{ readonly field: string | null; readonly sentence: string }>): Html | null {
  if (errors.length === 0) return null;
  return html`<div class="error" role="alert"><strong>Please look at this again:</strong>
<ul>${errors.map(({ field: name, sentence }) => html`<li>${name === null ? sentence : html`<a href="#${name}">${sentence}</a>`}</li>`)}</ul></div>
`;
}

/** A table that scrolls by itself where the page is too narrow, by keyboard as well. `label` names it; an empty heading is a column of buttons. */
export function table(label: string, headings: readonly string[], rows: Content): Html {
  const head = headings.map((heading) => (heading === '' ? html`<td></td>` : html`<th scope="col">${heading}</th>`));
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table>
<thead><tr>${head}</tr></thead>
<tbody>
${rows}</tbody></table></div>
`;
}
