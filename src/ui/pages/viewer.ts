import { type PageFrame, renderDocument } from '../document.ts';
import { type Html, html } from '../html.ts';
import { fill, interfaceLanguage, type Texts, textsIn } from '../texts.ts';
import { type VisitorLinks, visitorLinks } from './front.ts';

export const VIEWERS = ['openseadragon', 'mirador'] as const;
export type Viewer = (typeof VIEWERS)[number];

export interface ViewerPage extends PageFrame {
  readonly viewer: Viewer;
  /** Name of the picture, without a page, or of the folder. */
  readonly title: string;
  /** The information document, complete; null for a folder, which only Mirador opens. */
  readonly infoUri: string | null;
  /** Probe service of the picture; null for a folder. */
  readonly probeUri: string | null;
  /** Of the file, with all its pages, or of the folder; null where there is none, and so no Mirador. */
  readonly manifestUri: string | null;
  /** The canvas of this page in it; null for the first one. */
  readonly canvasUri: string | null;
  /** Where in a file of several pages this is; null for a file with one. */
  readonly paging: { readonly page: number; readonly pages: number; readonly previous: string | null; readonly next: string | null } | null;
  /** The version of the IIIF authorization that the OpenSeadragon page speaks. Mirador speaks 1.0. */
  readonly authVersion: 1 | 2;
  /** True where the visitor has been through an access service of the picture, but has not the role that it takes. */
  readonly roleMissing: boolean;
  readonly links: {
    /** Null where there are no pages of folders. */
    readonly folder: string | null;
    readonly otherViewer: string | null;
    readonly image: string | null;
    /** Where the visitor may ask for the picture; null where there is nothing to ask for. */
    readonly request: string | null;
  };
  readonly visitor: VisitorLinks;
}

const NAMES: Readonly<Record<Viewer, string>> = { openseadragon: 'OpenSeadragon', mirador: 'Mirador' };

/** One picture in a viewer that is served from here. What the viewer needs to know is in `data-` attributes. */
export function viewerPage(page: ViewerPage): string {
  const language = interfaceLanguage(page.lang);
  const t = textsIn(language);
  const other: Viewer = page.viewer === 'mirador' ? 'openseadragon' : 'mirador';
  return renderDocument(page, {
    kind: 'viewer',
    title: `${fullTitle(page, t)} – ${NAMES[page.viewer]}`,
    visitor: visitorLinks(page.visitor, t),
    scripts:
      page.viewer === 'mirador'
        ? ['vendor/mirador/mirador.min.js', 'view-mirador.js']
        : ['vendor/openseadragon/openseadragon.min.js', 'view-openseadragon.js'],
    main: html`<div class="picture-bar"><h1><bdi>${page.title}</bdi></h1>
${page.paging === null || page.viewer === 'mirador' ? null : pageTurner(page.paging, t)}<ul>${page.links.folder === null ? null : html`<li><a href="${page.links.folder}">${t.backToPictures}</a></li>`}
${page.links.otherViewer === null ? null : html`<li><a href="${page.links.otherViewer}">${fill(t.otherViewer, { viewer: NAMES[other] })}</a></li>\n`}${page.infoUri === null ? null : html`<li><a href="${page.infoUri}">${t.infoLink}</a></li>\n`}${page.manifestUri === null ? null : html`<li><a href="${page.manifestUri}">${t.manifestLink}</a></li>`}${
  page.links.request === null
    ? null
    : html`
<li><a href="${page.links.request}">${t.askForAccess}</a></li>`
}</ul></div>
<div class="stage">
${page.viewer === 'mirador' ? miradorStage(page, language) : openseadragonStage(page, t)}
${withoutScript(page, t)}
</div>`,
  });
}

/** The picture and, for one of several, the page: what a tab or a screen reader names. */
function fullTitle({ title, paging, viewer }: ViewerPage, t: Texts): string {
  return paging === null || viewer === 'mirador' ? title : `${title}, ${fill(t.pageOf, { page: paging.page, pages: paging.pages })}`;
}

/** Links, so that it turns pages without a script too. Mirador has a turner of its own. */
function pageTurner({ page, pages, previous, next }: NonNullable<ViewerPage['paging']>, t: Texts): Html {
  return html`<nav class="turner" aria-label="${t.pagesOfPicture}">
${previous === null ? null : html`<a rel="prev" href="${previous}">${t.previous}</a>\n`}<p>${fill(t.pageOf, { page, pages })}</p>
${next === null ? null : html`<a rel="next" href="${next}">${t.next}</a>\n`}</nav>
`;
}

function openseadragonStage(page: ViewerPage, t: Texts): Html {
  return html`<div id="vitrine-viewer" data-info="${page.infoUri ?? ''}" data-probe="${page.probeUri ?? ''}" data-auth="${page.authVersion}" data-title="${fullTitle(page, t)}"${page.roleMissing ? html` data-access="role-missing"` : null}></div>`;
}

function miradorStage(page: ViewerPage, language: string): Html {
  return html`<div id="mirador" data-manifest="${page.manifestUri ?? ''}"${page.canvasUri === null ? null : html` data-canvas="${page.canvasUri}"`} data-language="${language}"></div>`;
}

function withoutScript(page: ViewerPage, t: Texts): Html {
  const { image } = page.links;
  if (image === null) return html`<noscript><p>${t.viewerNoScriptFolder}</p></noscript>`;
  return html`<noscript><p>${t.viewerNoScript} <a href="${image}">${t.viewerNoScriptLink}</a></p></noscript>`;
}
