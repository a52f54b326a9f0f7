import { rootPath } from '../../document.ts';
import { html } from '../../html.ts';
import { type AdminFrame, renderAdmin } from '../document.ts';

export interface OverviewPage {
  /** What somebody should look at. */
  readonly attention: ReadonlyArray<{ readonly sentence: string; readonly path: string | null; readonly link: string | null }>;
  readonly counts: ReadonlyArray<{ readonly label: string; readonly count: number; readonly path: string | null }>;
}

/** The first page of the administration. */
export function overviewPage(frame: AdminFrame, shown: OverviewPage): string {
  const root = rootPath(frame.base);
  return renderAdmin(frame, {
    title: 'Overview',
    section: 'overview',
    main: html`<h1>Overview</h1>
<section><h2>What needs attention</h2>
${
  shown.attention.length === 0
    ? html`<p class="hint">Nothing at the moment.</p>`
    : html`<ul class="attention">
${shown.attention.map(({ sentence, path, link }) => html`<li>${sentence}${path === null ? null : html` <a href="${root}${path}">${link}</a>`}</li>\n`)}</ul>`
}
</section>
<section><h2>At a glance</h2>
<dl class="counts">
${shown.counts.map(({ label, count, path }) => html`<div><dt>${path === null ? label : html`<a href="${root}${path}">${label}</a>`}</dt><dd>${count}</dd></div>\n`)}</dl>
</section>`,
  });
}
