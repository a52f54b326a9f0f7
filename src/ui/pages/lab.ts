import { LAB_GROUPS, type LabCase, type LabGroup } from '../../domain/lab-case.ts';
import { type PageFrame, renderDocument, rootPath } from '../document.ts';
import { type Html, html } from '../html.ts';
import { textsIn } from '../texts.ts';
import { type VisitorLinks, visitorLinks } from './front.ts';
import { type LabAccount, labAccounts } from './lab-case.ts';

export interface LabPage extends PageFrame {
  readonly cases: readonly LabCase[];
  readonly accounts: readonly LabAccount[];
  readonly visitor: VisitorLinks;
}

export const GROUP_TITLES: Readonly<Record<LabGroup, string>> = {
  patterns: 'Interaction patterns',
  tiers: 'Tiers and substitutes',
  kinds: 'Films, sound, documents, models, streams',
  probe: 'Probe results',
  tokens: 'Access tokens and their errors',
  manifests: 'Manifests',
};

/** All cases of the lab. */
export function labPage(page: LabPage): string {
  const root = rootPath(page.base);
  return renderDocument(page, {
    kind: 'gallery',
    title: 'The lab',
    visitor: visitorLinks(page.visitor, textsIn('en')),
    main: html`<h1>The lab</h1>
<p class="count">${page.cases.length} cases, for people who write viewers</p>
<div class="prose"><p>Each case shows one pattern, tier, status or error of IIIF Authentication 1.0 and IIIF Authorization Flow 2.0. Its page says what it is, which sections it exercises and what a right viewer does, and opens it in the viewers served here. Everything is served as everywhere else on this server; what is going wrong is going wrong on purpose.</p>
<p>For programs: <a href="${root}/lab/cases.json">cases.json</a> has every case with what is expected, <a href="${root}/index.json">index.json</a> is a list of sources for test clients, and the lab is an IIIF collection in <a href="${root}/presentation/3/lab/collection">3.0</a> and <a href="${root}/presentation/2/lab/collection">2.1</a>.</p></div>
${labAccounts(page.accounts)}
${LAB_GROUPS.map((group) => groupSection(group, page.cases, root))}`,
  });
}

function groupSection(group: LabGroup, cases: readonly LabCase[], root: string): Html | null {
  const shown = cases.filter((each) => each.group === group);
  if (shown.length === 0) return null;
  return html`<section aria-labelledby="${group}"><h2 id="${group}">${GROUP_TITLES[group]}</h2>
<ul class="cases">
${shown.map(({ id, title, about }) => html`<li><a class="case-link" href="${root}/lab/${id}">${title}</a><p class="case-about">${about}</p></li>\n`)}</ul></section>
`;
}
