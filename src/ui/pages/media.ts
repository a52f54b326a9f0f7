import type { AccessWords } from '../access-words.ts';
import { type PageFrame, renderDocument, rootPath } from '../document.ts';
import { type Html, html } from '../html.ts';
import { type MediaFacts, mediaFactsLine } from '../media-facts.ts';
import { fill, interfaceLanguage, type Texts, textsIn } from '../texts.ts';
import { type VisitorLinks, visitorLinks } from './front.ts';

export interface MediaPage extends PageFrame {
  readonly title: string;
  readonly facts: MediaFacts;
  readonly mediaType: string;
  readonly isStream: boolean;
  /** Whether there is nothing to show yet; else what is shown may be a lesser version. */
  readonly isLocked: boolean;
  readonly access: AccessWords;
  /** What can be opened to get it, where the visitor may not have it yet. */
  readonly services: ReadonlyArray<{ readonly label: string; readonly uri: string }>;
  readonly links: {
    readonly folder: string;
    readonly manifest: string;
    readonly file: string;
    /** Where the visitor may ask for the item; null where there is nothing to ask for. */
    readonly request: string | null;
  };
  readonly visitor: VisitorLinks;
}

/** One item that is no image: to watch, to hear, to open, or to unlock first. */
export function mediaPage(page: MediaPage): string {
  const language = interfaceLanguage(page.lang);
  const t = textsIn(language);
  return renderDocument(page, {
    kind: 'media',
    title: page.title,
    visitor: visitorLinks(page.visitor, t),
    scripts: ['view-media.js'],
    main: html`<div class="picture-bar"><h1><bdi>${page.title}</bdi></h1>
<ul><li><a href="${page.links.folder}">${t.backToPictures}</a></li>
<li><a href="${page.links.manifest}">${t.manifestLink}</a></li>${
      page.links.request === null
        ? null
        : html`
<li><a href="${page.links.request}">${t.askForAccess}</a></li>`
    }</ul></div>
<div class="showcase">
${page.isLocked ? html`<img class="drawing" src="${rootPath(page.base)}/assets/locked.svg" width="400" height="300" alt="">` : opened(page, t)}
${page.services.length === 0 ? null : keys(page, t)}
<p class="facts">${mediaFactsLine(page.facts, language)}</p>
<p class="access ${page.access.kind}">${page.access.text}</p>
</div>`,
  });
}

function keys({ services }: MediaPage, t: Texts): Html {
  return html`<p class="buttons">${services.map(({ label, uri }) => html`<a class="button" data-access href="${uri}" target="_blank" rel="opener">${label}</a>\n`)}</p>
<p class="hint">${t.mediaUnlockHint}</p>`;
}

function opened(page: MediaPage, t: Texts): Html {
  const { links, facts, title, mediaType } = page;
  if (page.isStream) return html`${stream(page)}${failed(t)}<p class="hint">${t.streamHint} <code>${links.file}</code></p>`;
  if (facts.kind === 'film') return html`<video controls preload="metadata" src="${links.file}" aria-label="${title}"></video>${failed(t)}`;
  if (facts.kind === 'sound')
    return html`<audio controls preload="metadata" src="${links.file}" aria-label="${title}"></audio>${failed(t)}`;
  const isPdf = mediaType === 'application/pdf';
  const drawing = html`<img class="drawing" src="${rootPath(page.base)}/assets/${facts.kind}.svg" width="400" height="300" alt=""${isPdf ? html` data-pdf="${links.file}" data-title="${title}"` : null}>`;
  return html`${drawing}
<p class="buttons"><a class="button" href="${links.file}">${fill(t.openFile, { type: mediaType })}</a></p>`;
}

/** Browsers play streams with the help of a script, which is fetched when there is one to play. */
function stream({ base, links, title }: MediaPage): Html {
  const player = `${rootPath(base)}/assets/vendor/shaka-player/shaka-player.compiled-es2021.js`;
  return html`<video controls data-stream="${links.file}" data-player="${player}" aria-label="${title}"></video>`;
}

/** Shown by the script where the film or the sound does not come. */
function failed(t: Texts): Html {
  return html`
<p class="error failed" role="alert" hidden>${t.mediaFailed}</p>
`;
}
