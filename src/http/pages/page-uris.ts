import type { Decision } from '../../domain/access.ts';
import type { Item } from '../../domain/item.ts';
import { encodeIdentifier } from '../../iiif/image/parse-path.ts';
import { imageServiceUri } from '../../iiif/image/service-uri.ts';
import { manifestUri } from '../../iiif/presentation/manifest.ts';
import { rootPath } from '../../ui/document.ts';
import type { Viewer } from '../../ui/pages/viewer.ts';

/** Where things are about an item, for links on our pages. With `base` as our own path, or whole for documents that viewers read. */
export interface ItemUris {
  readonly service: string;
  readonly information: string;
  readonly manifest: string;
}

export function itemUris(base: string, identifier: string, slashSubstitute: string | null): ItemUris {
  const service = imageServiceUri(base, 3, identifier, slashSubstitute);
  const manifest = manifestUri(base, 3, identifier, slashSubstitute);
  return { service, information: `${service}/info.json`, manifest };
}

/** Our page of an item that is no image, complete, for documents. */
export function mediaPageUri(base: string, identifier: string, slashSubstitute: string | null): string {
  return `${base}/view/media/${encodeIdentifier(identifier, slashSubstitute)}`;
}

export function mediaPagePath(base: string, identifier: string, slashSubstitute: string | null): string {
  return mediaPageUri(rootPath(base), identifier, slashSubstitute);
}

/** Complete, for documents. */
export function viewerUri(base: string, viewer: Viewer, identifier: string, slashSubstitute: string | null): string {
  return `${base}/view/${viewer}${identifier === '' ? '' : `/${encodeIdentifier(identifier, slashSubstitute)}`}`;
}

export function viewerPath(base: string, viewer: Viewer, identifier: string, slashSubstitute: string | null): string {
  return viewerUri(rootPath(base), viewer, identifier, slashSubstitute);
}

/** Our page of a manifest that somebody already has. */
export function manifestPagePath(base: string, name: string, slashSubstitute: string | null): string {
  return `${rootPath(base)}/view/manifest/${encodeIdentifier(name, slashSubstitute)}`;
}

/** The page of a folder, complete, for documents; `''` is the root. */
export function folderPageUri(base: string, folder: string): string {
  return `${base}${folder === '' ? '/' : `/browse/${folder.split('/').map(encodeURIComponent).join('/')}`}`;
}

/** The page of a folder; `''` is the root. Pages count from 1. */
export function folderPath(base: string, folder: string, page = 1): string {
  return `${folderPageUri(rootPath(base), folder)}${page === 1 ? '' : `?page=${page}`}`;
}

/** Our page of an item of any kind. */
export function itemPagePath(
  base: string,
  { kind, identifier }: Pick<Item, 'kind' | 'identifier'>,
  slashSubstitute: string | null,
): string {
  return kind === 'image'
    ? viewerPath(base, 'openseadragon', identifier, slashSubstitute)
    : mediaPagePath(base, identifier, slashSubstitute);
}

/** Where a reader asks for the item at a path. */
export function requestPath(base: string, path: string): string {
  return `${rootPath(base)}/request-access?item=${encodeURIComponent(path)}`;
}

/** Null where there is nothing to ask for. */
export function requestLink(base: string, { path }: Pick<Item, 'path'>, { outcome, policy }: Decision): string | null {
  return outcome === 'access-needed' && policy.requests !== undefined ? requestPath(base, path) : null;
}
