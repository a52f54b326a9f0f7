import type { Item } from '../../domain/item.ts';
import type { Substitute } from '../../flows/find-substitutes.ts';
import { itemAuthServices } from '../../iiif/auth/item-services.ts';
import { fileSubstitute, imageSubstitute, type Substitute as WrittenSubstitute } from '../../iiif/auth/probe-result.ts';
import { itemAuthReferences } from '../../iiif/auth/shared-services.ts';
import { authUris } from '../../iiif/auth/uris.ts';
import type { ImageApiVersion } from '../../iiif/image/request.ts';
import { imageServiceUri } from '../../iiif/image/service-uri.ts';
import { typeOf } from '../iiif/linked-file.ts';
import { itemFileUri } from '../media/media-uri.ts';
import type { HttpRequest } from '../server/exchange.ts';

/** A lesser version as a probe result names it: one that is locked itself brings the services of both specifications along. */
export function writeSubstitute(
  { item, decision }: Substitute,
  request: HttpRequest,
  { slashSubstitute, versionOf }: { readonly slashSubstitute: string | null; versionOf(item: Item): ImageApiVersion },
): WrittenSubstitute {
  const { identifier, kind, mediaType } = item;
  const locks = {
    services: decision.outcome === 'allowed' ? [] : decision.services,
    uris: authUris(request.base, slashSubstitute),
    identifier,
    acceptLanguage: request.header('accept-language'),
  };
  const shared = { label: item.tier?.label ?? null, authServices: itemAuthServices({ version: 3, ...locks }) };
  if (kind === 'image') {
    const version = versionOf(item);
    const service = { uri: imageServiceUri(request.base, version, identifier, slashSubstitute), version };
    return imageSubstitute(service, { ...shared, authReferences: itemAuthReferences({ ...locks, stated: locks.services }) });
  }
  return fileSubstitute({ id: itemFileUri(request.base, item, slashSubstitute), type: typeOf(kind, mediaType), format: mediaType }, shared);
}
