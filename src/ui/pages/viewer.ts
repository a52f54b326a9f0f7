import { type PageFrame, renderDocument } from '../document.ts';
import { type Html, html } from '../html.ts';
import { fill, interfaceLanguage, type Texts, textsIn } from '../texts.ts';
import { type VisitorLinks, visitorLinks } from './front.ts';

export const VIEWERS = ['openseadragon', 'mirador'] as const;
export type Viewer = (typeof VIEWERS)[number];

export interface ViewerPage extends PageFrame {
  readonly viewer: Viewer;
  /** Name of the picture. */
  readonly title: string;
  /** The information document of 3.0, complete. */
  readonly infoUri: string;
  readonly manifestUri: string;
  /** The version of the IIIF authorization that the OpenSeadragon page speaks. Mirador speaks 1.0. */
  readonly authVersion: 1 | 2;
  readonly links: { readonly folder: string; readonly otherViewer: string; readonly image: string };
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
    title: `${page.title} – ${NAMES[page.viewer]}`,
    visitor: visitorLinks(page.visitor, t),
    scripts:
      page.viewer === 'mirador'
        ? ['vendor/mirador/mirador.min.js', 'view-mirador.js']
        : ['vendor/openseadragon/openseadragon.min.js', 'view-openseadragon.js'],
    main: html`<div class="picture-bar"><h1>${page.title}</h1>
<ul><li><a href="${page.links.folder}">${t.backHome}</a></li>
<li><a href="${page.links.otherViewer}">${fill(t.otherViewer, { viewer: NAMES[other] })}</a></li>
<li><a href="${page.infoUri}">${t.infoLink}</a></li>
<li><a href="${page.manifestUri}">${t.manifestLink}</a></li></ul></div>
<div class="stage">
${page.viewer === 'mirador' ? miradorStage(page, language) : openseadragonStage(page)}
${withoutScript(page, t)}
</div>`,
  });
}

function openseadragonStage(page: ViewerPage): Html {
  return html`<div id="vitrine-viewer" data-info="${page.infoUri}" data-auth="${page.authVersion}" data-title="${page.title}"></div>`;
}

function miradorStage(page: ViewerPage, language: string): Html {
  return html`<div id="mirador" data-manifest="${page.manifestUri}" data-language="${language}"></div>`;
}

function withoutScript(page: ViewerPage, t: Texts): Html {
  return html`<noscript><p>${t.viewerNoScript} <a href="${page.links.image}">${t.viewerNoScriptLink}</a></p></noscript>`;
}
