import type { AccessRemark } from '../../../domain/access-file.ts';
import { type Html, html } from '../../html.ts';
import { formTokenField } from '../../pages/access-frame.ts';

export interface AccessEditor {
  readonly fileName: string;
  /** Where the buttons lead. Fields: `text`, `over`, `comment`, `form-token`; to `save` also `previewed`. */
  readonly previewAction: string;
  readonly saveAction: string;
  readonly formToken: string;
  readonly text: string;
  /** Digest of the text on the server that it is made from. */
  readonly over: string;
  readonly comment: string;
  /** Digest of the text that the page shows the preview of; null where it shows none, and nothing can be saved yet. */
  readonly previewed: string | null;
  readonly mistakes: readonly AccessRemark[];
  readonly warnings: readonly AccessRemark[];
  /** Why it cannot be saved here; null where it can. */
  readonly obstacle: string | null;
}

/** The access file in a field, with what is wrong with it at its lines. */
export function accessEditor(editor: AccessEditor): Html {
  const { fileName, mistakes, warnings, obstacle, previewed } = editor;
  const remarks = [...mistakes, ...warnings];
  return html`${obstacle === null ? null : html`<p class="notice-box">${fileName} cannot be saved from here. ${obstacle} You can edit and preview it here all the same, copy the text, and put it there by hand.</p>\n`}${remarkList(editor)}<form method="post" action="${editor.previewAction}" class="editor">
${formTokenField(editor.formToken)}<input type="hidden" name="over" value="${editor.over}">${previewed === null ? null : html`<input type="hidden" name="previewed" value="${previewed}">`}
${previewed === null ? null : save(editor)}<div class="field"><label for="text">The text of ${fileName}</label>
<textarea id="text" name="text" rows="24" wrap="off" spellcheck="false" autocapitalize="none" autocomplete="off"${mistakes.length > 0 ? html` aria-invalid="true"` : null}${remarks.length > 0 ? html` aria-describedby="remarks"` : null}>
${editor.text}</textarea></div>
<p class="buttons"><button type="submit"${previewed === null ? html` class="primary"` : null}>${previewed === null ? 'Check, and preview who gains and loses' : 'Check and preview again'}</button></p>
</form>
`;
}

/** Before the text, which may be long. */
function save({ comment, obstacle, saveAction }: AccessEditor): Html | null {
  if (obstacle !== null) return null;
  return html`<div class="field"><label for="comment">What you change, for those who look at the versions later</label>
<input id="comment" name="comment" type="text" value="${comment}" maxlength="200" autocomplete="off"></div>
<p class="buttons"><button type="submit" class="primary" formaction="${saveAction}">Save, and put in force</button></p>
`;
}

function remarkList({ text, mistakes, warnings }: AccessEditor): Html | null {
  if (mistakes.length + warnings.length === 0) return null;
  const lines = text.split('\n');
  const list = (remarks: readonly AccessRemark[]) =>
    remarks.map(
      (remark) => html`<li data-line="${remark.line}"><a href="#text">Line ${remark.line}, column ${remark.column}</a>: ${remark.sentence}
${excerpt(lines, remark)}</li>
`,
    );
  return html`<div id="remarks">${
    mistakes.length === 0
      ? null
      : html`<div class="error" role="alert"><strong>${mistakes.length === 1 ? 'There is a mistake' : `There are ${mistakes.length} mistakes`} in the text, so it is not in force:</strong>
<ul class="remarks">
${list(mistakes)}</ul></div>
`
  }${
    warnings.length === 0
      ? null
      : html`<div class="notice-box"><strong>Valid, and perhaps not meant:</strong>
<ul class="remarks">
${list(warnings)}</ul></div>
`
  }</div>
`;
}

/** A line is told where it is, with one before it. */
function excerpt(lines: readonly string[], { line, column }: AccessRemark): Html {
  const shown = [line - 1, line].filter((number) => number >= 1 && number <= lines.length);
  const width = String(line).length;
  const rows = shown.map((number) => `${String(number).padStart(width)}  ${lines[number - 1] ?? ''}`);
  return html`<pre class="excerpt" tabindex="0" aria-label="Line ${line}">${[...rows, `${' '.repeat(width + 1 + column)}^`].join('\n')}</pre>`;
}
