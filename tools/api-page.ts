import { openApiDocument, problemsOf } from '../src/http/api/openapi.ts';
import type { Operation } from '../src/http/api/operation.ts';
import { OPERATIONS } from '../src/http/api/operations.ts';
import { PROBLEMS } from '../src/lib/problems.ts';

interface Described {
  readonly summary: string;
  readonly description: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly format?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
}

const DOCUMENT = openApiDocument(OPERATIONS, '') as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};
/** A list of values that is longer is in the description alone. */
const MOST_VALUES = 12;

/** `docs/reference/api.md`, from the table that also answers. */
export function apiPage(): string {
  const tags = [...new Set(OPERATIONS.map(({ tag }) => tag))];
  return `${[
    '<!-- Written by tools/generate-docs.ts from src/http/api/operations.ts. -->',
    '# The interface for programs',
    'What scripts can do with a [personal access token](../guides/scripts.md). The same as OpenAPI 3.1 is at `/openapi.json` of every server.',
    [
      '- Every request carries `Authorization: Bearer vitrine_pat_…`. Cookies make no difference, and a request with an `Origin`, from a page in a browser, is refused.',
      '- Scopes beside `content` count while the owner of the token is an administrator.',
      '- Bodies are JSON in UTF-8, 64 kB at most. An unknown field or parameter is an error, not ignored.',
      '- What goes wrong is a [problem](problems.md), as `application/problem+json`; `errors` names each field.',
      '- Times are in UTC. Lists have pages: `next` of one is `cursor` of the one after, and null on the last.',
      '- Whoever sends a wrong token more than 30 times a minute gets 429; right tokens are never held up.',
    ].join('\n'),
    ...tags.flatMap((tag) => [`## ${tag}`, ...OPERATIONS.filter((each) => each.tag === tag).map(operationEntry)]),
    '## What is sent and answered',
    ...Object.entries(DOCUMENT.components.schemas)
      .filter(([name]) => name !== 'Problem')
      .map(([name, schema]) => `### ${name}\n\n${fieldTable(schema)}`),
  ].join('\n\n')}\n`;
}

function operationEntry(operation: Operation): string {
  const described = DOCUMENT.paths[operation.path]?.[operation.method.toLowerCase()];
  if (described === undefined) throw new Error(`${operation.id} is not described`);
  const body = described.requestBody?.content['application/json']?.schema;
  const parameters = (described.parameters ?? []).filter((each) => each.in === 'query');
  return [
    `### \`${operation.method} ${operation.path}\``,
    `${described.summary}. ${described.description.replaceAll('\n\n', ' ')}`,
    ...(parameters.length === 0 ? [] : [parameterTable(parameters)]),
    [...(body === undefined ? [] : [`Takes ${typeWords(body)}. `]), `Answers ${answersWords(operation)}.`].join(''),
  ].join('\n\n');
}

function answersWords(operation: Operation): string {
  const good = Object.entries(operation.answers).map(([status, { description, schema, headers = [] }]) => {
    const what = schema === undefined ? description : `${description}: ${typeWords(refOf(operation, status))}`;
    return `${status} (${what}${headers.length === 0 ? '' : `; ${headers.map((name) => `\`${name}\``).join(', ')}`})`;
  });
  const problems = problemsOf(operation).map((code) => `${PROBLEMS[code].status} \`${code}\``);
  return `${good.join(', ')}; or ${[...new Set(problems)].join(', ')}`;
}

function refOf(operation: Operation, status: string): Schema {
  const described = DOCUMENT.paths[operation.path]?.[operation.method.toLowerCase()] as unknown as {
    responses: Record<string, { content: Record<string, { schema: Schema }> }>;
  };
  return described.responses[status]?.content['application/json']?.schema ?? {};
}

function parameterTable(parameters: readonly Parameter[]): string {
  const rows = parameters.map(
    ({ name, required, description = '', schema }) =>
      `| \`${name}\` | ${typeWords(schema)}${required ? '' : ', optional'} | ${description} |`,
  );
  return ['| parameter | value | |', '|---|---|---|', ...rows].join('\n');
}

function fieldTable(schema: Schema): string {
  const rows = fieldsOf(schema, '').map(({ name, of, optional }) => {
    const { description = '' } = of;
    return `| \`${name}\` | ${typeWords(of)}${optional ? ', optional' : ''} | ${description.replaceAll('|', '\\|')} |`;
  });
  return ['| field | value | |', '|---|---|---|', ...rows].join('\n');
}

function fieldsOf(
  schema: Schema,
  before: string,
): ReadonlyArray<{ readonly name: string; readonly of: Schema; readonly optional: boolean }> {
  return Object.entries(schema.properties ?? {}).flatMap(([key, of]) => {
    const name = `${before}${key}`;
    const within =
      of.properties === undefined ? (of.items?.properties === undefined ? [] : fieldsOf(of.items, `${name}[].`)) : fieldsOf(of, `${name}.`);
    return [{ name, of, optional: schema.required?.includes(key) !== true }, ...within];
  });
}

function typeWords(schema: Schema): string {
  const { $ref, type, items, anyOf, format, default: preset } = schema;
  const usually = preset === undefined ? '' : `, \`${String(preset)}\` without it`;
  if ($ref !== undefined) {
    const name = $ref.slice($ref.lastIndexOf('/') + 1);
    return `[${name}](#${name.toLowerCase()})`;
  }
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum !== undefined && schema.enum.length <= MOST_VALUES) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (anyOf !== undefined) return anyOf.map(typeWords).join(' or ');
  if (format === 'date-time') return 'a time';
  if (type === 'array') return `a list of ${items === undefined ? 'anything' : typeWords(items)}`;
  if (Array.isArray(type)) return type.map((each: string) => typeWords({ type: each })).join(' or ');
  return `${TYPE_WORDS[String(type)] ?? 'an object'}${usually}`;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  boolean: '`true` or `false`',
  null: '`null`',
};
