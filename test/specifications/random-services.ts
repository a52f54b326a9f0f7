import fc from 'fast-check';
import type { ServiceSource } from '../../src/iiif/auth/service-description.ts';

const text = fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' }).filter((value) => value.trim() !== '');
const hostile = fc.constantFrom('<script>alert(1)</script>', 'a < b & c', '&lt;b&gt;', '"><img src=x onerror=alert(1)>', 'AT&T', '&#60;b>');
const texts = fc.array(fc.oneof(text, hostile), { minLength: 1, maxLength: 2 });
const languages = fc.uniqueArray(fc.constantFrom('en', 'de', 'fr', 'de-CH', 'ar-Latn', 'none'), { minLength: 1, maxLength: 3 });

export const languageMaps = languages.chain((keys) =>
  fc.tuple(...keys.map(() => texts)).map((values) => Object.fromEntries(keys.map((key, index) => [key, values[index] ?? []]))),
);

const optional = fc.option(languageMaps);

/** Any access service that an access file can describe. */
export const services: fc.Arbitrary<ServiceSource> = fc.record({
  name: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/),
  pattern: fc.constantFrom('login' as const, 'clickthrough' as const, 'kiosk' as const, 'external' as const),
  label: languageMaps,
  heading: optional,
  note: optional,
  confirmLabel: optional,
  errorHeading: optional,
  errorNote: optional,
});
