import type { LabCase, LabExpectation, LabItem, LabTokenRequest, LabVisitor } from '../../domain/lab-case.ts';
import type { AccessWords } from '../access-words.ts';
import { type PageFrame, renderDocument, rootPath } from '../document.ts';
import { type Html, html } from '../html.ts';
import { textsIn } from '../texts.ts';
import { type VisitorLinks, visitorLinks } from './front.ts';

/** One of the lab's people. */
export interface LabAccount {
  readonly user: string;
  readonly roles: readonly string[];
  /** Null where others than this machine could read it. */
  readonly password: string | null;
}

interface Link {
  readonly label: string;
  readonly uri: string;
}

export interface LabItemLinks {
  readonly probe: string;
  readonly documents: readonly Link[];
  readonly viewers: readonly Link[];
}

export interface LabCasePage extends PageFrame {
  readonly shown: LabCase;
  /** Each with the decision of this moment about this visitor. */
  readonly items: ReadonlyArray<{ readonly item: LabItem; readonly access: AccessWords; readonly links: LabItemLinks }>;
  /** Manifests of the whole case; null where it has none. */
  readonly documents: { readonly '2.1': string | null; readonly '3.0': string; readonly mirador: string | null } | null;
  readonly accounts: readonly LabAccount[];
  readonly previous: LabCase | null;
  readonly next: LabCase | null;
  readonly tokenServices: { token1(service: string): string; token2(service: string): string };
  readonly visitor: VisitorLinks;
}

/** One case: what it is, what it exercises, what a right viewer does, and what is answered to whom. */
export function labCasePage(page: LabCasePage): string {
  const { shown } = page;
  const root = rootPath(page.base);
  return renderDocument(page, {
    kind: 'gallery',
    title: `${shown.title} – The lab`,
    visitor: visitorLinks(page.visitor, textsIn('en')),
    main: html`<nav class="trail" aria-label="Where you are"><ol><li><a href="${root}/lab">The lab</a></li>
<li><span aria-current="page">${shown.title}</span></li></ol></nav>
<h1>${shown.title}</h1>
<p class="count">${shown.about}</p>
<div class="case">
<section aria-labelledby="steps"><h2 id="steps">What a right viewer does</h2>
<ol class="steps">${shown.steps.map((step) => html`<li>${step}</li>\n`)}</ol></section>
<section aria-labelledby="sections"><h2 id="sections">What it exercises</h2>
<ul>${shown.sections.map(({ label, uri }) => html`<li><a href="${uri}">${label}</a></li>\n`)}</ul>
${page.documents === null ? null : manifests(page.documents)}</section>
</div>
<section aria-labelledby="items"><h2 id="items">${page.items.length === 1 ? 'The item' : 'The items'}</h2>
<div class="case-items">${page.items.map(itemCard)}</div></section>
${shown.tokenRequests.length === 0 ? null : tokenSection(shown.tokenRequests, page.tokenServices)}
${asksForAccount(shown) ? labAccounts(page.accounts) : null}
${neighbours(page.previous, page.next, root)}`,
  });
}

/** Names and, where it may be told, the password. */
export function labAccounts(accounts: readonly LabAccount[]): Html | null {
  if (accounts.length === 0) return null;
  return html`<section class="lab" aria-labelledby="people"><div><h2 id="people">People who can sign in</h2>
<dl>${accounts.map(
    ({ user, roles, password }) =>
      html`<dt><code>${user}</code></dt><dd>${password === null ? 'with the password that the start has printed' : html`password <code>${password}</code>`}, role ${roles.join(', ')}</dd>\n`,
  )}</dl></div></section>
`;
}

function asksForAccount({ items }: LabCase): boolean {
  return items.some(({ expected }) => expected.some(({ visitor }) => visitor.account !== null));
}

function manifests({ '2.1': two, '3.0': three, mirador }: NonNullable<LabCasePage['documents']>): Html {
  return html`<h3>All of it as a manifest</h3>
<ul><li><a href="${three}">Manifest, Presentation API 3.0</a></li>
${two === null ? null : html`<li><a href="${two}">Manifest, Presentation API 2.1</a></li>`}</ul>
${mirador === null ? null : html`<p class="buttons"><a class="button" href="${mirador}">Open in Mirador</a></p>`}`;
}

function itemCard({ item, access, links }: LabCasePage['items'][number]): Html {
  return html`<article><h3>${item.label}</h3>
<p class="file"><code>${item.path}</code></p>
<p class="access ${access.kind}">${access.text}</p>
${links.viewers.length === 0 ? null : html`<p class="buttons">${links.viewers.map(({ label, uri }) => html`<a class="button" href="${uri}">${label}<span class="quiet"> – ${item.label}</span></a>\n`)}</p>`}
<p class="documents">${links.documents.map(({ label, uri }) => html`<a href="${uri}">${label}</a>\n`)}<a href="${links.probe}">probe service</a></p>
${expectations(item.expected)}</article>
`;
}

function expectations(expected: readonly LabExpectation[]): Html {
  const isImage = expected.some(({ information }) => information !== null);
  const isTiered = expected.some(({ substitutes }) => substitutes > 0);
  return html`<div class="scroll"><table><thead><tr><th scope="col">Who asks</th><th scope="col">Probe</th>${isImage ? html`<th scope="col">info.json</th>` : null}<th scope="col">${isImage ? 'Image' : 'File'}</th>${isTiered ? html`<th scope="col">Substitutes</th>` : null}</tr></thead>
<tbody>${expected.map(
    (each) =>
      html`<tr><th scope="row">${visitorWords(each.visitor)}</th><td>${each.probe}</td>${isImage ? html`<td>${each.information ?? '–'}</td>` : null}<td>${each.content}</td>${isTiered ? html`<td>${each.substitutes}</td>` : null}</tr>\n`,
  )}</tbody></table></div>`;
}

function visitorWords({ account, signedIn, services }: LabVisitor): Html {
  if (account === null && services.length === 0) return html`Nobody yet`;
  if (signedIn) return html`${account}, signed in at /sign-in`;
  const by = services.map((service, at) => html`${at === 0 ? null : ' and '}<code>${service}</code>`);
  return html`${account === null ? 'Whoever has' : `${account}, who has`} been through ${by}`;
}

function tokenSection(requests: readonly LabTokenRequest[], uris: LabCasePage['tokenServices']): Html {
  return html`<section aria-labelledby="tokens"><h2 id="tokens">The access token service</h2>
<div class="scroll"><table><thead><tr><th scope="col">Request</th><th scope="col">Who asks</th><th scope="col">1.0</th><th scope="col">2.0</th></tr></thead>
<tbody>${requests.map(
    (request) =>
      html`<tr><td><a href="${uris.token1(request.service)}"><code>${request.service}</code></a>, ${queryWords(request)}</td><td>${visitorWords(request.visitor)}</td><td>${request.error ?? 'a token'}</td><td>${request.profile ?? 'a token'}</td></tr>\n`,
  )}</tbody></table></div></section>`;
}

const ORIGIN_WORDS: Readonly<Record<LabTokenRequest['origin'], string>> = {
  own: "the viewer's own origin",
  other: "another viewer's origin",
  malformed: 'an origin that is none',
  missing: 'no origin',
};

function queryWords({ afterMinutes, messageId, origin }: LabTokenRequest): string {
  return `${afterMinutes === 0 ? '' : `${afterMinutes} minutes after the visit, `}${messageId ? 'with a messageId' : 'without a messageId'} and ${ORIGIN_WORDS[origin]}`;
}

function neighbours(previous: LabCase | null, next: LabCase | null, root: string): Html {
  return html`<nav class="pages" aria-label="More cases">
${previous === null ? null : html`<a rel="prev" href="${root}/lab/${previous.id}">← ${previous.title}</a>\n`}${next === null ? null : html`<a rel="next" href="${root}/lab/${next.id}">${next.title} →</a>\n`}</nav>`;
}
