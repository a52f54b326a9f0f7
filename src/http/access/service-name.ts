import { parseIdentifier } from '../../iiif/image/parse-path.ts';
import { isRefusal } from '../../lib/problems.ts';
import type { HttpRequest } from '../server/exchange.ts';

/** As `authUris` writes it without encoding. */
const PLAIN = /^[a-z0-9-]+$/;

/** The access service that a URI is about, decoded; a name that no service has for what cannot be read. */
export function serviceNameOf(request: Pick<HttpRequest, 'params'>, options: { readonly slashSubstitute: string | null }): string {
  const raw = request.params['service'] ?? '';
  if (PLAIN.test(raw)) return raw;
  const name = parseIdentifier(raw, options);
  return isRefusal(name) ? '' : name;
}
