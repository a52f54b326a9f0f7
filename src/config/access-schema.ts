import { TOKENS_SERVICE } from '../domain/personal-token.ts';
import { ROLE_NAME } from '../domain/role-name.ts';
import { DEFAULT_SEAT_MINUTES, MOST_SEAT_MINUTES, MOST_SEATS } from '../domain/seat.ts';
import { DATE_PATTERN } from './access-dates.ts';
import { hoursSchema } from './access-hours.ts';
import { LANGUAGE_TAG, MOST_MINUTES, SERVICE_NAME, SERVICE_PATTERNS } from './access-names.ts';
import { tierSchema } from './access-tier-schema.ts';
import { whenLockedSchema } from './access-when-locked.ts';
import { SOURCE_NAME } from './identity-sources.ts';

/**
 * JSON Schema of `access.yaml`, for editors. It says what a schema can; unknown services, patterns that cannot be used and
 * keys that stand twice are found by `vitrine access check`. https://json-schema.org/draft/2020-12
 */
export function accessSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'access.yaml',
    description: 'Who may see what: access services, and policies. The first policy that matches decides; what none matches is refused.',
    type: 'object',
    additionalProperties: false,
    required: ['policies'],
    properties: {
      accessServices: {
        description: 'What a viewer opens in a window. The name becomes a part of the address.',
        type: 'object',
        propertyNames: { pattern: SERVICE_NAME.source, not: { const: TOKENS_SERVICE } },
        additionalProperties: { $ref: '#/$defs/accessService' },
      },
      policies: {
        description: 'In order: the first one with a matching pattern decides.',
        type: 'array',
        minItems: 1,
        items: { $ref: '#/$defs/policy' },
      },
    },
    $defs: {
      accessService: accessService(),
      policy: policy(),
      rule: rule(),
      everyone: everyone(),
      tier: tierSchema(),
      texts: textsSchema(),
      text: TEXT,
    },
  };
}

const TEXT = { type: 'string', pattern: '\\S' };

function serviceTexts(): Readonly<Record<string, object>> {
  const described = (description: string): object => ({ description, $ref: '#/$defs/texts' });
  return {
    label: described('The name of the service. It must name the institution or its domain.'),
    heading: described('Stands above the note in the viewer.'),
    note: described('What the viewer says before it opens the window; of a clickthrough, the terms themselves.'),
    confirmLabel: described('The text of the button that opens the window.'),
    errorHeading: described('Stands above the error note.'),
    errorNote: described('What the viewer says when no access was obtained.'),
  };
}

function accessService(): object {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['pattern', 'label'],
    properties: {
      pattern: {
        description:
          'login: a sign-in form. clickthrough: terms of use, and a button. kiosk: a window that opens and closes by itself. external: no window; for networks or devices, or for whoever signed in on our own pages.',
        enum: SERVICE_PATTERNS,
      },
      networks: {
        description: 'Of a kiosk or external service: addresses and networks (CIDR, IPv4 and IPv6) where it opens, and nowhere else.',
        type: 'array',
        minItems: 1,
        items: { $ref: '#/$defs/text' },
      },
      devices: {
        description: 'true, of a kiosk or external service: machines registered with vitrine device add open it, wherever they stand.',
        type: 'boolean',
      },
      perItem: { description: 'true: one access service for each item, and what was got there counts for that item.', type: 'boolean' },
      minutes: {
        description:
          'What was got there counts so long; then viewers are told that it has ended. Not with networks or devices, nor for external.',
        type: 'integer',
        minimum: 1,
        maximum: MOST_MINUTES,
      },
      hours: hoursSchema(),
      ...serviceTexts(),
      identity: {
        description: 'Of a login service: where accounts come from. local, and names of the identity file. Without it, [local].',
        type: 'array',
        minItems: 1,
        uniqueItems: true,
        items: { type: 'string', pattern: SOURCE_NAME.source },
      },
    },
    dependentSchemas: {
      networks: { properties: { pattern: { enum: ['kiosk', 'external'] } } },
      identity: { properties: { pattern: { const: 'login' } } },
    },
    if: { required: ['devices'], properties: { devices: { const: true } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: { pattern: { enum: ['kiosk', 'external'] }, perItem: false } },
  };
}

function policy(): object {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['items', 'allow'],
    dependentRequired: { duringEmbargo: ['embargoUntil'], seatMinutes: ['seats'] },
    properties: {
      items: {
        description:
          'Patterns over item paths. * and ? stay within a folder, ** is any number of folders, {a,b} lists alternatives; all else is literal.',
        anyOf: [{ $ref: '#/$defs/text' }, { type: 'array', minItems: 1, items: { $ref: '#/$defs/text' } }],
      },
      allow: {
        description: 'everyone, nobody, or a list of rules of which one is enough.',
        anyOf: [
          { enum: ['everyone', 'nobody'] },
          { type: 'array', minItems: 1, items: { anyOf: [{ $ref: '#/$defs/rule' }, { $ref: '#/$defs/everyone' }] } },
        ],
      },
      ...periodSchema('What it allows holds'),
      seats: {
        description: 'So many readers at once may have an item open. The services of its rules need perItem: true.',
        type: 'integer',
        minimum: 1,
        maximum: MOST_SEATS,
      },
      seatMinutes: {
        description: `A seat is given back after so many minutes without a request; ${DEFAULT_SEAT_MINUTES} without this key.`,
        type: 'integer',
        minimum: 1,
        maximum: MOST_SEAT_MINUTES,
      },
      embargoUntil: {
        description: 'Until this date (from midnight UTC) or time (with its zone) nobody may see the items but those of duringEmbargo.',
        type: 'string',
        pattern: DATE_PATTERN,
      },
      duringEmbargo: {
        description: 'nobody, or who may see the items before the date: rules as in allow.',
        anyOf: [{ const: 'nobody' }, { type: 'array', minItems: 1, items: { $ref: '#/$defs/rule' } }],
      },
      otherwise: {
        description: 'What those get whom it does not allow: a tier, or several with the best one first.',
        anyOf: [{ $ref: '#/$defs/tier' }, { type: 'array', minItems: 1, items: { $ref: '#/$defs/tier' } }],
      },
      whenLocked: whenLockedSchema(),
      requests: {
        description:
          'Whom it does not allow may ask for its items: signed in by the access service named here, or with true by the first one with the pattern login.',
        anyOf: [{ type: 'boolean' }, { type: 'string', pattern: SERVICE_NAME.source }],
      },
    },
  };
}

function rule(): object {
  return {
    type: 'object',
    additionalProperties: false,
    oneOf: [
      { required: ['service'], properties: { service: true, services: false } },
      { required: ['services'], properties: { services: true, service: false } },
    ],
    properties: {
      service: {
        description: 'The name of an access service of this file; or tokens: whoever comes with a personal access token.',
        type: 'string',
        pattern: SERVICE_NAME.source,
      },
      services: {
        description: 'Instead of service: several of them, each of which is enough.',
        type: 'array',
        minItems: 1,
        items: { type: 'string', pattern: SERVICE_NAME.source },
      },
      roles: {
        description: 'The user must have one of these. Without it, whoever has been through the service is allowed.',
        type: 'array',
        minItems: 1,
        items: { type: 'string', pattern: ROLE_NAME.source },
      },
      at: {
        description: 'The name of a kiosk or external service with networks or devices: the visitor must be there besides.',
        type: 'string',
        pattern: SERVICE_NAME.source,
      },
      ...periodSchema('It holds'),
      ...serviceTexts(),
    },
  };
}

/** In `allow`: everyone, for a time. */
function everyone(): object {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['everyone'],
    // A time besides.
    minProperties: 2,
    properties: { everyone: { const: true }, ...periodSchema('Everyone is allowed') },
  };
}

function periodSchema(what: string): Readonly<Record<'from' | 'until', object>> {
  const date = 'this date (midnight UTC) or time (with its zone)';
  return {
    from: { description: `${what} from ${date} on.`, type: 'string', pattern: DATE_PATTERN },
    until: { description: `${what} until ${date}, and no longer.`, type: 'string', pattern: DATE_PATTERN },
  };
}

/** Texts by language. */
export function textsSchema(): object {
  return {
    anyOf: [
      { $ref: '#/$defs/text' },
      {
        description: 'Texts by language tag (BCP 47); none for a text without a language.',
        type: 'object',
        minProperties: 1,
        propertyNames: { pattern: LANGUAGE_TAG.source },
        additionalProperties: { anyOf: [{ $ref: '#/$defs/text' }, { type: 'array', minItems: 1, items: { $ref: '#/$defs/text' } }] },
      },
    ],
  };
}
