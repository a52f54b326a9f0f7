/**
 * What stands for a manifest that is as locked as what is in it: its access services, and a drawing.
 * https://iiif.io/api/auth/1.0/#authentication-for-description-resources and https://iiif.io/api/presentation/3.0/#7-authentication
 */
import type { Visitor } from '../../domain/visitor.ts';
import type { LockedManifest } from '../../flows/serve-manifest.ts';
import { authUris } from '../../iiif/auth/uris.ts';
import { canvasUri, type ManifestInput, manifestUri } from '../../iiif/presentation/manifest.ts';
import { manifest2 } from '../../iiif/presentation/manifest-2.ts';
import { manifest3 } from '../../iiif/presentation/manifest-3.ts';
import { manifestMediaType } from '../../iiif/presentation/manifest-media-type.ts';
import { folderPageUri, viewerUri } from '../pages/page-uris.ts';
import { folderLabel, pictureLabel, UNTOLD_LABEL } from '../pages/picture-title.ts';
import { closedToOthers } from '../server/cors.ts';
import type { HttpRequest, Reply } from '../server/exchange.ts';
import { activateStorageAccess, VARY_STORAGE_ACCESS } from '../server/storage-access.ts';
import type { ManifestDeps } from './manifest-deps.ts';

const BUILD = { 2: manifest2, 3: manifest3 } as const;

export function lockedManifestReply(
  deps: ManifestDeps,
  request: HttpRequest,
  version: 2 | 3,
  outcome: LockedManifest,
  visitor: Visitor,
): Reply {
  return {
    status: 401,
    headers: {
      'content-type': manifestMediaType(version, request.header('accept')),
      'cache-control': 'no-store',
      'www-authenticate': 'Bearer realm="IIIF"',
      vary: `Accept, Accept-Language, Authorization, Cookie, ${VARY_STORAGE_ACCESS}`,
      ...closedToOthers(visitor, request.header('origin')),
      ...activateStorageAccess(request),
    },
    body: `${JSON.stringify(BUILD[version](inputOf(deps, request, version, outcome)), null, 2)}\n`,
  };
}

function inputOf(deps: ManifestDeps, request: HttpRequest, version: 2 | 3, outcome: LockedManifest): ManifestInput {
  const { path, item, services } = outcome;
  const { base } = request;
  const { slashSubstitute } = deps;
  const label = labelOf(deps, outcome);
  const nothing = { metadata: [], requiredStatement: null, rights: null };
  const drawing = { uri: `${base}/assets/locked.svg`, width: 1200, height: 900 };
  return {
    ...nothing,
    id: manifestUri(base, version, path, slashSubstitute),
    label,
    summary: null,
    canvases: [
      { kind: 'drawing', id: canvasUri(base, version, path, slashSubstitute, 1), label, ...nothing, thumbnail: null, drawing, file: null },
    ],
    renderings: [],
    accessServices: services,
    viewingDirection: null,
    partOf: null,
    homepage: {
      id: item === null ? folderPageUri(base, path) : viewerUri(base, 'mirador', path, slashSubstitute),
      label: { none: [deps.title] },
    },
    uris: authUris(base, slashSubstitute),
    acceptLanguage: request.header('accept-language'),
  };
}

function labelOf(deps: ManifestDeps, { path, item, entry, named }: LockedManifest) {
  if (!named) return UNTOLD_LABEL;
  return item === null ? folderLabel(path, entry, deps.title) : pictureLabel(item, entry, deps.titleOf);
}
