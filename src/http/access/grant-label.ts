import type { AccessModel } from '../../domain/access.ts';
import { findServiceByName, parseServiceName } from '../../domain/item-service.ts';
import { chooseTexts } from '../../iiif/auth/language.ts';
import { parseAcceptLanguage } from '../../lib/accept-language.ts';
import type { HttpRequest } from '../server/exchange.ts';

/** How a page calls what was got at a service: by its label, where the access file still knows it, and by its item. */
export function grantLabel(access: AccessModel, request: HttpRequest, service: string): string {
  const label = findServiceByName(access, service)?.label ?? {};
  const { path } = parseServiceName(service);
  const preferences = parseAcceptLanguage(request.header('accept-language'));
  return [chooseTexts(label, preferences).join(' ') || service, ...(path === null ? [] : [path])].join(' – ');
}
