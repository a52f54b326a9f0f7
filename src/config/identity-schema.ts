import { ROLE_NAME } from '../domain/role-name.ts';
import { textsSchema } from './access-schema.ts';
import type { Field } from './identity-fields.ts';
import { SOURCE_FIELDS, SOURCE_NAME, SOURCE_TYPES, type SourceType } from './identity-sources.ts';

const TEXT = { type: 'string', pattern: '\\S' };
const TEXTS = { anyOf: [{ $ref: '#/$defs/text' }, { type: 'array', minItems: 1, items: { $ref: '#/$defs/text' } }] };

/**
 * JSON Schema of `identity.yaml`, for editors. It says what a schema can; what is wrong together, and secrets that are not
 * there, are found by `vitrine identity check`. https://json-schema.org/draft/2020-12
 */
export function identitySchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'identity.yaml',
    description: 'Where people come from who have their accounts elsewhere, and which roles they have here.',
    type: 'object',
    additionalProperties: false,
    required: ['sources'],
    properties: {
      sources: {
        description: 'Sources by name; access services list the names under identity.',
        type: 'object',
        minProperties: 1,
        propertyNames: { pattern: SOURCE_NAME.source, not: { const: 'local' } },
        additionalProperties: { oneOf: SOURCE_TYPES.map((type) => ({ $ref: `#/$defs/${type}` })) },
      },
    },
    $defs: {
      ...Object.fromEntries(SOURCE_TYPES.map((type) => [type, source(type)])),
      rule: rule(),
      condition: condition(),
      secret: secret(),
      texts: textsSchema(),
      text: TEXT,
    },
  };
}

function source(type: SourceType): object {
  const fields: Readonly<Record<string, Field<unknown>>> = SOURCE_FIELDS[type];
  const rows = Object.entries(fields);
  return {
    type: 'object',
    additionalProperties: false,
    required: ['type', ...rows.filter(([, { absent }]) => absent === undefined).map(([key]) => key)],
    properties: {
      type: { const: type },
      ...Object.fromEntries(rows.map(([key, { sentence, schema }]) => [key, { description: sentence, ...schema }])),
      roles: { description: 'Rules that give roles; every rule counts.', type: 'array', items: { $ref: '#/$defs/rule' } },
    },
  };
}

function rule(): object {
  const role = { type: 'string', pattern: ROLE_NAME.source };
  return {
    type: 'object',
    additionalProperties: false,
    required: ['roles'],
    properties: {
      roles: { description: 'What the rule gives.', anyOf: [role, { type: 'array', minItems: 1, items: role }] },
      when: { description: 'Whom it fits; without it, everybody whom the source knows.', $ref: '#/$defs/condition' },
    },
  };
}

function condition(): object {
  const attribute = { description: 'The name of an attribute; one fitting value is enough.', $ref: '#/$defs/text' };
  const ignoreCase = { type: 'boolean', default: false };
  const list = { type: 'array', minItems: 1, items: { $ref: '#/$defs/condition' } };
  const object = (properties: object, required: readonly string[]) => ({
    type: 'object',
    additionalProperties: false,
    required,
    properties,
  });
  return {
    oneOf: [
      object({ attribute, is: { description: 'Exactly this, or one of these.', ...TEXTS }, ignoreCase }, ['attribute', 'is']),
      object({ attribute, like: { description: '* is any text, ? any one character.', ...TEXTS }, ignoreCase }, ['attribute', 'like']),
      object(
        {
          attribute,
          affiliation: { description: 'What stands before the @.', ...TEXTS },
          scope: { description: 'What stands after it; *.example.edu takes what is below.', ...TEXTS },
        },
        ['attribute', 'affiliation', 'scope'],
      ),
      object({ all: list }, ['all']),
      object({ any: list }, ['any']),
    ],
  };
}

function secret(): object {
  return {
    anyOf: [
      { $ref: '#/$defs/text' },
      {
        type: 'object',
        additionalProperties: false,
        required: ['file'],
        properties: { file: { description: 'A file that holds it, beside this one.', ...TEXT } },
      },
      {
        type: 'object',
        additionalProperties: false,
        required: ['env'],
        properties: { env: { description: 'An environment variable that holds it.', ...TEXT } },
      },
    ],
  };
}
