import { rootPath } from '../../document.ts';
import { type Html, html } from '../../html.ts';
import { type AdminFrame, renderAdmin } from '../document.ts';
import { table } from '../parts.ts';

export interface EntryShown {
  readonly path: string;
  /** As it stands in the list: the name, or in a search the path. */
  readonly name: string;
  readonly kind: string;
  readonly isFolder: boolean;
  readonly hasThumbnail: boolean;
  /** Who sees it; null for a folder. */
  readonly words: string | null;
  /** Number of the policy that decides; null for none. */
  readonly policy: number | null;
}

export interface ItemsPage {
  readonly folder: string;
  readonly search: string;
  readonly entries: readonly EntryShown[];
  /** Of a search: whether these are all. */
  readonly complete: boolean;
  readonly page: number;
  readonly pages: number;
}

/** One folder of the tree, or what was found in all of it. */
export function itemsPage(frame: AdminFrame, shown: ItemsPage): string {
  const root = rootPath(frame.base);
  return renderAdmin(frame, {
    title: 'Items',
    section: 'items',
    main: html`<h1>Items</h1>
<p>Choose an item to see who may see it, and why. What decides is written in the <a href="${root}/admin/access">access file</a>.</p>
${searchForm(shown, root)}
${shown.search === '' ? trail(shown.folder, root) : found(shown, root)}
${shown.entries.length === 0 ? html`<p class="hint">${shown.search === '' ? 'The folder is empty.' : 'There is nothing with this text in its path.'}</p>` : entryTable(shown, root)}
${paging(shown, root)}`,
  });
}

/** Where there is no such folder or item. */
export function noItemPage(frame: AdminFrame, path: string): string {
  return renderAdmin(frame, {
    title: 'There is no such item',
    section: 'items',
    main: html`<h1>There is no such item</h1>
<p>Nothing is at <strong><bdi>${path}</bdi></strong> now. <a href="${rootPath(frame.base)}/admin/items">All items</a></p>`,
  });
}

export function itemAddress(root: string, path: string): string {
  return `${root}/admin/items/at?path=${encodeURIComponent(path)}`;
}

export function folderAddress(root: string, folder: string, page = 1): string {
  const query = new URLSearchParams();
  if (folder !== '') query.set('folder', folder);
  if (page !== 1) query.set('page', String(page));
  return `${root}/admin/items${query.size === 0 ? '' : `?${query}`}`;
}

/** A small picture, for administrators. */
export function thumbnail(root: string, path: string): Html {
  return html`<img class="thumbnail" src="${root}/admin/items/thumbnail?path=${encodeURIComponent(path)}" alt="" loading="lazy" width="96" height="72">`;
}

/** From the root to the folder. */
export function trail(folder: string, root: string): Html {
  const names = folder === '' ? [] : folder.split('/');
  const crumbs = names.map((name, at) => {
    const here = at === names.length - 1 ? html` aria-current="page"` : null;
    return html` / <a href="${folderAddress(root, names.slice(0, at + 1).join('/'))}"${here}><bdi>${name}</bdi></a>`;
  });
  return html`<nav class="trail" aria-label="Folders"><a href="${folderAddress(root, '')}"${folder === '' ? html` aria-current="page"` : null}>All items</a>${crumbs}</nav>`;
}

function searchForm({ search }: ItemsPage, root: string): Html {
  return html`<form method="get" action="${root}/admin/items" class="inline find" role="search">
<div class="field"><label for="search">A part of a path or name</label><input id="search" name="search" type="search" value="${search}" autocomplete="off" maxlength="200" spellcheck="false"></div>
<button type="submit" class="primary">Search</button></form>`;
}

function found({ entries, complete, search }: ItemsPage, root: string): Html {
  const count = entries.length === 1 ? '1 folder or item' : `${entries.length} folders and items`;
  return html`<p>${complete ? count : `The first ${count}`} with “<bdi>${search}</bdi>” in the path. <a href="${root}/admin/items">All items</a></p>`;
}

function entryTable({ entries }: ItemsPage, root: string): Html {
  const rows = entries.map((entry) => {
    const address = entry.isFolder ? folderAddress(root, entry.path) : itemAddress(root, entry.path);
    return html`<tr><td class="small-picture">${entry.hasThumbnail ? thumbnail(root, entry.path) : null}</td><th scope="row"><a href="${address}"><bdi>${entry.name}</bdi></a></th><td>${entry.kind}</td>
<td>${entry.words}</td><td>${entry.policy === null ? null : html`<a href="${root}/admin/access#policy-${entry.policy}"><span class="quiet">Policy </span>${entry.policy}</a>`}</td></tr>
`;
  });
  return table('Folders and items', ['', 'Name', 'Kind', 'Who sees it', 'Policy'], rows);
}

function paging({ folder, page, pages }: ItemsPage, root: string): Html | null {
  if (pages === 1) return null;
  return html`<p class="inline">${page === 1 ? null : html`<a href="${folderAddress(root, folder, page - 1)}" rel="prev">Previous</a>`}<span>Page ${page} of ${pages}</span>${page === pages ? null : html`<a href="${folderAddress(root, folder, page + 1)}" rel="next">Next</a>`}</p>`;
}
