/**
 * The tables of Authentication 1.0.
 * https://iiif.io/api/auth/1.0/#service-description
 */
import { checkProperties, exactly, type PropertyRow, serviceUri, text } from './check-properties.ts';

/** Viewers put it into the page as HTML: none of the texts that we are given may become markup. */
function safeHtml(value: unknown): string | null {
  return text(value) ?? (/<|&(?!amp;|lt;)[a-z#]/i.test(String(value)) ? 'holds markup' : null);
}

/** Login and clickthrough. */
const ACTIVE_SERVICE: readonly PropertyRow[] = [
  { name: '@context', requirement: 'REQUIRED', check: exactly('http://iiif.io/api/auth/1/context.json') },
  { name: '@id', requirement: 'REQUIRED', check: serviceUri },
  { name: '@type', requirement: 'RECOMMENDED', check: exactly('AuthCookieService1') },
  { name: 'profile', requirement: 'REQUIRED', check: exactly('http://iiif.io/api/auth/1/login', 'http://iiif.io/api/auth/1/clickthrough') },
  { name: 'label', requirement: 'REQUIRED', check: text },
  { name: 'confirmLabel', requirement: 'RECOMMENDED', check: text },
  { name: 'header', requirement: 'RECOMMENDED', check: text },
  { name: 'description', requirement: 'RECOMMENDED', check: safeHtml },
  { name: 'failureHeader', requirement: 'OPTIONAL', check: text },
  { name: 'failureDescription', requirement: 'OPTIONAL', check: safeHtml },
  { name: 'service', requirement: 'REQUIRED', check: (value) => (Array.isArray(value) ? null : 'is no list') },
];

/** What clients ignore of a service that nobody is asked about is not there; an external service has no address either. */
const UNUSED = { kiosk: ['confirmLabel', 'header', 'description'], external: ['@id', 'confirmLabel', 'header', 'description'] };

function unaskedService(pattern: 'kiosk' | 'external'): readonly PropertyRow[] {
  return ACTIVE_SERVICE.filter(({ name }) => !UNUSED[pattern].includes(name)).map((row) =>
    row.name === 'profile' ? { ...row, check: exactly(`http://iiif.io/api/auth/1/${pattern}`) } : row,
  );
}

const TOKEN_SERVICE: readonly PropertyRow[] = [
  { name: '@id', requirement: 'REQUIRED', check: serviceUri },
  { name: '@type', requirement: 'RECOMMENDED', check: exactly('AuthTokenService1') },
  { name: 'profile', requirement: 'REQUIRED', check: exactly('http://iiif.io/api/auth/1/token') },
];

const LOGOUT_SERVICE: readonly PropertyRow[] = [
  { name: '@id', requirement: 'REQUIRED', check: serviceUri },
  { name: '@type', requirement: 'RECOMMENDED', check: exactly('AuthLogoutService1') },
  { name: 'profile', requirement: 'REQUIRED', check: exactly('http://iiif.io/api/auth/1/logout') },
  { name: 'label', requirement: 'REQUIRED', check: text },
];

/** Sentences about what departs from the specification; empty for a right description. */
export function checkCookieService1(value: unknown): readonly string[] {
  const { service: related, profile } = value as { service?: unknown; profile?: unknown };
  const unasked = (['kiosk', 'external'] as const).find((pattern) => profile === `http://iiif.io/api/auth/1/${pattern}`);
  const own = checkProperties(value, 'the access cookie service', unasked === undefined ? ACTIVE_SERVICE : unaskedService(unasked));
  const services: readonly unknown[] = Array.isArray(related) ? related : [];
  const [token, logout, ...more] = services;
  const mayLackLogout = unasked !== undefined && logout === undefined;
  return [
    ...own,
    ...checkProperties(token, 'the token service', TOKEN_SERVICE),
    ...(mayLackLogout ? [] : checkProperties(logout, 'the logout service', LOGOUT_SERVICE)),
    ...(more.length > 0 ? ['there are more than two related services'] : []),
  ];
}
