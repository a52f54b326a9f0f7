/**
 * The tables of Authentication 1.0.
 * https://iiif.io/api/auth/1.0/#service-description
 */
import { checkProperties, exactly, type PropertyRow, serviceUri, text } from './check-properties.ts';

/** Viewers put it into the page as HTML: none of the texts that we are given may become markup. */
function safeHtml(value: unknown): string | null {
  return text(value) ?? (/<|&(?!amp;|lt;)[a-z#]/i.test(String(value)) ? 'holds markup' : null);
}

const COOKIE_SERVICE: readonly PropertyRow[] = [
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
  const own = checkProperties(value, 'the access cookie service', COOKIE_SERVICE);
  const related = (value as { service?: unknown }).service;
  const services: readonly unknown[] = Array.isArray(related) ? related : [];
  const [token, logout, ...more] = services;
  return [
    ...own,
    ...checkProperties(token, 'the token service', TOKEN_SERVICE),
    ...checkProperties(logout, 'the logout service', LOGOUT_SERVICE),
    ...(more.length > 0 ? ['there are more than two related services'] : []),
  ];
}
