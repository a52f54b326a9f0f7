import { diffLines, shortenDiff } from '../../../lib/line-diff.ts';
import { type Html, html } from '../../html.ts';

const MARKS = { same: ' ', removed: '−', added: '+' } as const;
const WORDS = { same: '', removed: 'gone: ', added: 'new: ' } as const;

/** What became of a text, line by line, with three lines around each change. */
export function textDifference(before: string, after: string, label: string): Html {
  const lines = shortenDiff(diffLines(before, after));
  if (lines.length === 0) return html`<p class="hint">The texts are the same.</p>`;
  const rows = lines.map((line) =>
    line === null
      ? html`<tr class="left-out"><td colspan="4">…</td></tr>\n`
      : html`<tr class="${line.kind}"><td>${line.before}</td><td>${line.after}</td><td aria-hidden="true">${MARKS[line.kind]}</td><td><span class="quiet">${WORDS[line.kind]}</span>${line.text}</td></tr>\n`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table class="difference">
<thead class="quiet"><tr><th scope="col">Line before</th><th scope="col">Line after</th><td></td><th scope="col">Text</th></tr></thead>
<tbody>
${rows}</tbody></table></div>
`;
}
