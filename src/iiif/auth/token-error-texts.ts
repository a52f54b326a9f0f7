/**
 * What an error of the token service says: the administrator's own words where they fit, else those of our table.
 * https://iiif.io/api/auth/2.0/#access-token-error-format
 * https://iiif.io/api/auth/1.0/#access-token-error-conditions
 */
import { textsWithoutMarkup } from './markup.ts';
import { failureTexts, isActive, type ServiceSource } from './service-description.ts';
import { type HeadingAndNote, TOKEN_ERROR_TEXTS, type TokenError } from './texts.ts';

/** The errors that mean "no access was obtained", which is what the error texts of a service are written for. */
const NO_ACCESS: readonly TokenError[] = ['missingAspect', 'invalidAspect'];

/** `service` is null where the request names none. Without windows and clicks, the texts of the table would lead nowhere. */
export function tokenErrorTexts(error: TokenError, service: ServiceSource | null): HeadingAndNote {
  const { heading, note } = textsFor(error, service);
  return { heading, note: textsWithoutMarkup(note) };
}

function textsFor(error: TokenError, service: ServiceSource | null): HeadingAndNote {
  const texts = TOKEN_ERROR_TEXTS[error];
  if (service === null) return texts;
  if (service.pattern === 'external' && error === 'expiredAspect') return failureTexts(service);
  if (!NO_ACCESS.includes(error)) return texts;
  if (!isActive(service)) return failureTexts(service);
  return { heading: service.errorHeading ?? texts.heading, note: service.errorNote ?? texts.note };
}
