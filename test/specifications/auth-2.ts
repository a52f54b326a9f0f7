/**
 * The tables of Authorization Flow 2.0.
 * https://iiif.io/api/auth/2.0/#access-service-description
 * https://iiif.io/api/auth/2.0/#access-token-service-description
 * https://iiif.io/api/auth/2.0/#probe-service-description
 * https://iiif.io/api/auth/2.0/#logout-service-description
 */
import { checkProperties, exactly, languageMap, type PropertyRow, positiveInteger, serviceUri, text } from './check-properties.ts';

const CONTEXT = 'http://iiif.io/api/auth/2/context.json';

function list(value: unknown): string | null {
  return Array.isArray(value) && value.length > 0 ? null : 'is no list with something in it';
}

const PROBE_SERVICE: readonly PropertyRow[] = [
  { name: '@context', requirement: 'OPTIONAL', check: exactly(CONTEXT) },
  { name: 'id', requirement: 'REQUIRED', check: serviceUri },
  { name: 'type', requirement: 'REQUIRED', check: exactly('AuthProbeService2') },
  // Mirador stops at a service whose profile is no string.
  { name: 'profile', requirement: 'REQUIRED', check: text },
  { name: 'service', requirement: 'REQUIRED', check: list },
  { name: 'errorHeading', requirement: 'OPTIONAL', check: languageMap },
  { name: 'errorNote', requirement: 'OPTIONAL', check: languageMap },
];

const ACTIVE_SERVICE: readonly PropertyRow[] = [
  { name: 'id', requirement: 'REQUIRED', check: serviceUri },
  { name: 'type', requirement: 'REQUIRED', check: exactly('AuthAccessService2') },
  { name: 'profile', requirement: 'REQUIRED', check: exactly('active') },
  { name: 'service', requirement: 'REQUIRED', check: list },
  { name: 'label', requirement: 'REQUIRED', check: languageMap },
  { name: 'heading', requirement: 'RECOMMENDED', check: languageMap },
  { name: 'note', requirement: 'RECOMMENDED', check: languageMap },
  { name: 'confirmLabel', requirement: 'RECOMMENDED', check: languageMap },
];

/** Without interaction there is no text to show before; an external service SHOULD NOT have an `id`. */
function unaskedService(profile: 'kiosk' | 'external'): readonly PropertyRow[] {
  const unused = ['heading', 'note', 'confirmLabel', ...(profile === 'external' ? ['id'] : [])];
  return ACTIVE_SERVICE.filter(({ name }) => !unused.includes(name)).map((row) =>
    row.name === 'profile' ? { ...row, check: exactly(profile) } : row,
  );
}

const TOKEN_SERVICE: readonly PropertyRow[] = [
  { name: 'id', requirement: 'REQUIRED', check: serviceUri },
  { name: 'type', requirement: 'REQUIRED', check: exactly('AuthAccessTokenService2') },
  { name: 'errorHeading', requirement: 'OPTIONAL', check: languageMap },
  { name: 'errorNote', requirement: 'OPTIONAL', check: languageMap },
];

const LOGOUT_SERVICE: readonly PropertyRow[] = [
  { name: 'id', requirement: 'REQUIRED', check: serviceUri },
  { name: 'type', requirement: 'REQUIRED', check: exactly('AuthLogoutService2') },
  { name: 'label', requirement: 'REQUIRED', check: languageMap },
];

const TOKEN_MESSAGE: readonly PropertyRow[] = [
  { name: '@context', requirement: 'REQUIRED', check: exactly(CONTEXT) },
  { name: 'type', requirement: 'REQUIRED', check: exactly('AuthAccessToken2') },
  { name: 'messageId', requirement: 'REQUIRED', check: (value) => (typeof value === 'string' ? null : 'is no string') },
  { name: 'accessToken', requirement: 'REQUIRED', check: text },
  { name: 'expiresIn', requirement: 'OPTIONAL', check: positiveInteger },
];

const TOKEN_ERROR: readonly PropertyRow[] = [
  { name: '@context', requirement: 'REQUIRED', check: exactly(CONTEXT) },
  { name: 'type', requirement: 'REQUIRED', check: exactly('AuthAccessTokenError2') },
  {
    name: 'profile',
    requirement: 'REQUIRED',
    check: exactly('invalidRequest', 'invalidOrigin', 'missingAspect', 'invalidAspect', 'expiredAspect', 'unavailable'),
  },
  { name: 'messageId', requirement: 'REQUIRED', check: (value) => (typeof value === 'string' ? null : 'is no string') },
  { name: 'heading', requirement: 'OPTIONAL', check: languageMap },
  { name: 'note', requirement: 'OPTIONAL', check: languageMap },
];

const PROBE_RESULT: readonly PropertyRow[] = [
  { name: '@context', requirement: 'REQUIRED', check: exactly(CONTEXT) },
  { name: 'type', requirement: 'REQUIRED', check: exactly('AuthProbeResult2') },
  { name: 'status', requirement: 'REQUIRED', check: exactly(200, 401, 403, 404, 500) },
  { name: 'heading', requirement: 'OPTIONAL', check: languageMap },
  { name: 'note', requirement: 'OPTIONAL', check: languageMap },
  { name: 'substitute', requirement: 'OPTIONAL', check: substitutes },
];

/** Sentences about what departs from the specification, at any depth; empty for a right description. */
export function checkProbeService2(value: unknown): readonly string[] {
  return [
    ...checkProperties(value, 'the probe service', PROBE_SERVICE),
    ...noteNeedsHeading(value, 'errorNote', 'errorHeading'),
    ...servicesOf(value).flatMap(checkAccessService2),
  ];
}

function checkAccessService2(value: unknown): readonly string[] {
  const [token, logout, ...more] = servicesOf(value);
  const unasked = (['kiosk', 'external'] as const).find((profile) => (value as { profile?: unknown }).profile === profile);
  const mayLackLogout = unasked !== undefined && logout === undefined;
  return [
    ...checkProperties(value, 'the access service', unasked === undefined ? ACTIVE_SERVICE : unaskedService(unasked)),
    ...checkProperties(token, 'the token service', TOKEN_SERVICE),
    ...noteNeedsHeading(token, 'errorNote', 'errorHeading'),
    ...(mayLackLogout ? [] : checkProperties(logout, 'the logout service', LOGOUT_SERVICE)),
    ...(more.length > 0 ? ['the access service has more than two services'] : []),
  ];
}

export function checkTokenMessage2(value: unknown): readonly string[] {
  return checkProperties(value, 'the token message', TOKEN_MESSAGE);
}

export function checkTokenError2(value: unknown): readonly string[] {
  return [...checkProperties(value, 'the token error', TOKEN_ERROR), ...noteNeedsHeading(value, 'note', 'heading')];
}

export function checkProbeResult2(value: unknown): readonly string[] {
  const result = value as { status?: unknown; heading?: unknown; note?: unknown; substitute?: unknown };
  const needless = result.status === 200 && result.substitute !== undefined;
  const silent = result.status !== 200 && (result.heading === undefined || result.note === undefined);
  return [
    ...checkProperties(value, 'the probe result', PROBE_RESULT),
    ...noteNeedsHeading(value, 'note', 'heading'),
    ...(needless ? ['the probe result says yes, and names substitutes, which it MUST NOT'] : []),
    ...(silent ? ['the probe result says no without heading and note, which it SHOULD have'] : []),
  ];
}

function substitutes(value: unknown): string | null {
  const isRight = Array.isArray(value) && value.length > 0 && value.every(isSubstitute);
  return isRight ? null : 'is a list of resources with id, type and label';
}

function isSubstitute(value: unknown): boolean {
  const { id, type, label } = value as Record<string, unknown>;
  const isNamed = typeof id === 'string' && URL.canParse(id) && typeof type === 'string' && languageMap(label) === null;
  return isNamed && servicesOf(value).filter(isProbeService).flatMap(checkProbeService2).length === 0;
}

function isProbeService(value: unknown): boolean {
  return (value as { type?: unknown }).type === 'AuthProbeService2';
}

function noteNeedsHeading(value: unknown, note: string, heading: string): readonly string[] {
  const given = (value ?? {}) as Record<string, unknown>;
  return given[note] !== undefined && given[heading] === undefined ? [`${note} is there without ${heading}`] : [];
}

function servicesOf(value: unknown): readonly unknown[] {
  const services = (value as { service?: unknown } | undefined)?.service;
  return Array.isArray(services) ? services : [];
}
