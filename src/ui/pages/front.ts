import type { AccessWords } from '../access-words.ts';
import { type PageFrame, renderDocument, rootPath } from '../document.ts';
import { type Html, html } from '../html.ts';
import { type MediaFacts, mediaFactsLine } from '../media-facts.ts';
import { fill, interfaceLanguage, type Language, type Texts, textsIn } from '../texts.ts';

/** What every card has. */
interface CardBase {
  /** The title where one is known, else the name of the file. */
  readonly name: string;
  /** Where the file is below the folder that the page or section is about; null where `name` says it already. */
  readonly file: string | null;
  readonly access: AccessWords;
}

/** Of an item that is no image. */
export interface MediaCard extends CardBase {
  readonly media: MediaFacts;
  readonly links: { readonly page: string; readonly manifest: string; readonly file: string };
}

interface PictureFacts {
  readonly width: number;
  readonly height: number;
  readonly pages: number;
  readonly formatName: string;
}

export type ItemCard = PictureCard | MediaCard;

export interface PictureCard extends CardBase {
  /** Null where the picture cannot be read. */
  readonly facts: PictureFacts | 'untold' | null;
  /** Null where the visitor may not see it, or nobody can. */
  readonly thumbnail: { readonly uri: string; readonly width: number; readonly height: number } | null;
  readonly links: { readonly openseadragon: string; readonly mirador: string; readonly information: string; readonly manifest: string };
}

export interface Crumb {
  readonly name: string;
  readonly uri: string;
}

export interface FrontPage extends PageFrame {
  /** Name of the collection. */
  readonly title: string;
  /** From the root to this folder; only the root on the first page. */
  readonly trail: readonly Crumb[];
  /** Of this folder itself. */
  readonly pictures: readonly ItemCard[];
  readonly sections: readonly PictureSection[];
  /** Subfolders without a section. */
  readonly folders: readonly Crumb[];
  /** Entries of the folder, on all pages. */
  readonly total: number;
  /** Whether every picture in the folder and below is on this page. */
  readonly complete: boolean;
  /** Pictures left out because nobody may open them. */
  readonly unlisted: number;
  readonly paging: { readonly page: number; readonly pages: number; readonly previous: string | null; readonly next: string | null };
  /** For viewers: the pictures of this folder as one manifest, and in Mirador; null without pictures. The collection of the folder. */
  readonly documents: { readonly manifest: string | null; readonly mirador: string | null; readonly collection: string };
  readonly visitor: VisitorLinks;
  /** False without an access file. */
  readonly enforced: boolean;
  /** On the demo: the account to try, and each locked part in words. */
  readonly lab: {
    readonly user: string;
    readonly password: string;
    readonly locked: ReadonlyArray<{ readonly items: readonly string[]; readonly how: string }>;
  } | null;
  /** Of the cases for people who write viewers; null without them. */
  readonly labPage: string | null;
}

/** The first pictures in one subfolder and below. At least one. */
export interface PictureSection extends Crumb {
  readonly pictures: readonly ItemCard[];
  /** False where there are more. */
  readonly complete: boolean;
}

/** Who is signed in, for the header of every page. */
export interface VisitorLinks {
  readonly userName: string | null;
  readonly signIn: string | null;
  readonly session: string | null;
  readonly signOut: string | null;
  /** For administrators. */
  readonly administration: string | null;
}

/**
 * The pictures and folders of one folder, with their access in words. Names come from files, in any script and with any marks
 * in them: each stands in a `bdi`, so that it turns nothing around but itself.
 */
export function frontPage(page: FrontPage): string {
  const t = textsIn(interfaceLanguage(page.lang));
  const here = page.trail.at(-1)?.name ?? page.title;
  return renderDocument(page, {
    kind: 'gallery',
    title: page.trail.length > 1 ? `${here} – ${page.title}` : page.title,
    visitor: visitorLinks(page.visitor, t),
    main: html`${page.trail.length > 1 ? trail(page.trail, t) : null}<h1><bdi>${here}</bdi></h1>
<p class="count">${countLine(page, t)}</p>
${folderLinks(page, t)}${page.lab === null && picturesOf(page).some(isLocked) ? html`<p class="hint">${t.lockedHint}</p>\n` : null}${page.lab === null ? null : labPanel(page.lab, t)}
${
  page.labPage === null
    ? null
    : html`<p><a href="${page.labPage}">${t.labLink}</a></p>
`
}${page.pictures.length === 0 ? null : ownPictures(page, t)}
${page.sections.length === 0 ? null : html`<div class="sections">\n${page.sections.map((section, at) => folderSection(section, at, page, t))}</div>\n`}${page.folders.length === 0 ? null : folderList(page, t)}
${page.folders.length + page.sections.length + page.pictures.length + page.unlisted === 0 ? emptyNotice(t) : null}
${page.unlisted === 0 ? null : html`<p class="hint">${fill(t.notListed, { count: page.unlisted })}</p>`}
${page.paging.pages > 1 ? pager(page, t) : null}`,
  });
}

export function visitorLinks(visitor: VisitorLinks, t: Texts): Html {
  return html`<ul class="visitor">
<li>${visitor.userName === null ? t.visitorNobody : fill(t.signedInAs, { user: visitor.userName })}</li>
${visitor.signIn === null ? null : html`<li><a href="${visitor.signIn}">${t.signIn}</a></li>\n`}${visitor.session === null ? null : html`<li><a href="${visitor.session}">${t.sessionHeading}</a></li>\n`}${visitor.administration === null ? null : html`<li><a href="${visitor.administration}">${t.administration}</a></li>\n`}${visitor.signOut === null ? null : html`<li><a href="${visitor.signOut}">${visitor.userName === null ? t.withdraw : t.signOut}</a></li>\n`}</ul>`;
}

function trail(crumbs: readonly Crumb[], t: Texts): Html {
  return html`<nav class="trail" aria-label="${t.folderTrail}"><ol>
${crumbs.map((crumb, at) => html`<li>${at === crumbs.length - 1 ? html`<span aria-current="page"><bdi>${crumb.name}</bdi></span>` : html`<a href="${crumb.uri}"><bdi>${crumb.name}</bdi></a>`}</li>\n`)}</ol></nav>
`;
}

function labPanel(lab: NonNullable<FrontPage['lab']>, t: Texts): Html {
  return html`<section class="lab" aria-labelledby="lab">
<div><h2 id="lab">${t.labHeading}</h2>
<p>${t.labText}</p>
<dl><dt>${t.labUser}</dt><dd><code>${lab.user}</code></dd>
<dt>${t.labPassword}</dt><dd><code>${lab.password}</code></dd></dl></div>
${
  lab.locked.length === 0
    ? null
    : html`<div><h3>${t.labLocked}</h3>
<ul>
${lab.locked.map(({ items, how }) => html`<li>${items.map((pattern, at) => html`${at === 0 ? null : ', '}<code class="patterns">${pattern}</code>`)}: ${how}</li>\n`)}</ul></div>`
}
</section>`;
}

/** With everything on the page, how much of it is open; else how many entries there are to go through. */
function countLine(page: FrontPage, t: Texts): string {
  const pictures = picturesOf(page);
  const locked = pictures.filter(isLocked).length;
  const hasMedia = pictures.some(isMedia);
  const one = hasMedia ? t.countItem : t.countPicture;
  const many = hasMedia ? t.countItems : t.countPictures;
  const whole = [
    pictures.length === 1 ? one : fill(many, { count: pictures.length }),
    locked === 0 ? null : fill(t.countLocked, { count: locked }),
  ];
  const entries = page.total === 1 ? t.countOne : fill(t.count, { count: page.total });
  const parts = [...(page.complete ? whole : [entries]), page.enforced ? null : t.notEnforced];
  return parts.filter((part) => part !== null).join(' · ');
}

function picturesOf(page: FrontPage): readonly ItemCard[] {
  return [page, ...page.sections].flatMap(({ pictures }) => pictures);
}

function isLocked({ access }: ItemCard): boolean {
  return access.kind === 'locked';
}

function isMedia(card: ItemCard): card is MediaCard {
  return 'media' in card;
}

/** The whole folder for viewers. */
function folderLinks({ documents: { manifest, mirador, collection } }: FrontPage, t: Texts): Html {
  return html`<p class="documents folder-documents">${mirador === null ? null : html`<a href="${mirador}">${t.folderInMirador}</a> `}${manifest === null ? null : html`<a href="${manifest}">${t.folderManifest}</a> `}<a href="${collection}">${t.collectionLink}</a></p>
`;
}

function folderList({ folders, sections }: FrontPage, t: Texts): Html {
  return html`<section aria-labelledby="folders"><h2 id="folders">${sections.length === 0 ? t.folders : t.moreFolders}</h2>
<ul class="folders">
${folders.map((folder) => html`<li><a href="${folder.uri}"><bdi>${folder.name}</bdi></a></li>\n`)}</ul></section>`;
}

function ownPictures(page: FrontPage, t: Texts): Html {
  return html`<section aria-labelledby="pictures"><h2 id="pictures">${page.pictures.some(isMedia) ? t.items : t.pictures}</h2>
${pictureList(page.pictures, page, t)}</section>`;
}

function folderSection(section: PictureSection, at: number, frame: PageFrame, t: Texts): Html {
  const id = `folder-${at + 1}`;
  const all = section.complete
    ? null
    : html`<p class="all"><a href="${section.uri}">${t.showAll}<span class="quiet"> – <bdi>${section.name}</bdi></span></a></p>\n`;
  return html`<section class="folder" data-size="${section.pictures.length}" aria-labelledby="${id}"><h2 id="${id}"><a href="${section.uri}"><bdi>${section.name}</bdi></a></h2>
${pictureList(section.pictures, frame, t)}${all}</section>
`;
}

function pictureList(cards: readonly ItemCard[], { base, lang }: PageFrame, t: Texts): Html {
  const assets = `${rootPath(base)}/assets`;
  const language = interfaceLanguage(lang);
  return html`<ul class="pictures">
${cards.map((card) => (isMedia(card) ? mediaCard(card, assets, language, t) : pictureCard(card, assets, t)))}</ul>
`;
}

function mediaCard(card: MediaCard, assets: string, language: Language, t: Texts): Html {
  const { name, file, media, access, links } = card;
  const to = (uri: string, text: string) => html`<a href="${uri}">${text}<span class="quiet"> – <bdi>${name}</bdi></span></a>`;
  return html`<li class="picture">
<a class="mat drawn" href="${links.page}" tabindex="-1" aria-hidden="true"><img src="${assets}/${media.kind}.svg" width="400" height="300" alt=""></a>
<div class="about"><h3><bdi>${name}</bdi></h3>
${file === null ? null : html`<p class="file"><bdi>${file}</bdi></p>\n`}<p class="facts">${mediaFactsLine(media, language)}</p>
<p class="access ${access.kind}">${access.text}</p>
<p class="links">${to(links.page, isLocked(card) ? t.unlockPage : t.openPage)}</p>
<p class="documents">${to(links.file, t.fileLink)} ${to(links.manifest, t.manifestLink)}</p>
</div></li>
`;
}

function pictureCard(picture: PictureCard, assets: string, t: Texts): Html {
  const { facts } = picture;
  return html`<li class="picture">
${mat(picture, assets, t)}
<div class="about"><h3><bdi>${picture.name}</bdi></h3>
${picture.file === null ? null : html`<p class="file"><bdi>${picture.file}</bdi></p>\n`}${facts === 'untold' ? null : html`<p class="facts">${facts === null ? t.brokenText : factsLine(facts, t)}</p>`}
${facts === null ? null : html`<p class="access ${picture.access.kind}">${picture.access.text}</p>`}
${facts === null ? null : cardLinks(picture, t)}</div></li>
`;
}

/** The picture in its frame; a drawing where it may not be shown, or cannot be. The links below name the picture, so this one is skipped. */
function mat(picture: PictureCard, assets: string, t: Texts): Html {
  if (picture.facts === null)
    return html`<div class="mat drawn"><img src="${assets}/broken.svg" width="400" height="300" alt="${t.brokenPicture}"></div>`;
  if (picture.thumbnail === null) {
    return html`<a class="mat drawn" href="${picture.links.openseadragon}" tabindex="-1" aria-hidden="true"><img src="${assets}/locked.svg" width="400" height="300" alt=""></a>`;
  }
  const { uri, width, height } = picture.thumbnail;
  return html`<a class="mat" href="${picture.links.openseadragon}" tabindex="-1" aria-hidden="true"><img loading="lazy" decoding="async" src="${uri}" width="${width}" height="${height}" alt=""></a>`;
}

function factsLine(facts: PictureFacts, t: Texts): string {
  const dimensions = fill(t.dimensions, { width: facts.width, height: facts.height });
  const pages = facts.pages > 1 ? ` · ${fill(t.pagesInFile, { count: facts.pages })}` : '';
  return `${dimensions} · ${facts.formatName}${pages}`;
}

function cardLinks(picture: PictureCard, t: Texts): Html {
  const { links, name } = picture;
  const to = (uri: string, text: string) => html`<a href="${uri}">${text}<span class="quiet"> – <bdi>${name}</bdi></span></a>`;
  return html`<p class="links"><span>${isLocked(picture) ? t.unlockIn : t.openIn}</span> ${to(links.openseadragon, 'OpenSeadragon')} ${to(links.mirador, 'Mirador')}</p>
<p class="documents">${to(links.information, t.infoLink)} ${to(links.manifest, t.manifestLink)}</p>
`;
}

function emptyNotice(t: Texts): Html {
  return html`<section class="empty"><h2>${t.emptyFolderHeading}</h2>
<p>${t.emptyFolderText}</p></section>`;
}

function pager(page: FrontPage, t: Texts): Html {
  const { previous, next, pages } = page.paging;
  return html`<nav class="pages" aria-label="${t.pagesLabel}">
${previous === null ? null : html`<a rel="prev" href="${previous}">${t.previous}</a>`}
<p>${fill(t.pageOf, { page: page.paging.page, pages })}</p>
${next === null ? null : html`<a rel="next" href="${next}">${t.next}</a>`}
</nav>`;
}
