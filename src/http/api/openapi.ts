/** The description of the interface, made from the table that also answers. https://spec.openapis.org/oas/v3.1.1 */
import { z } from 'zod';
import { PROBLEMS, type ProblemCode } from '../../lib/problems.ts';
import type { Answer, Operation } from './operation.ts';
import { PROBLEM, SCHEMAS } from './schemas.ts';

const PROBLEM_JSON = 'application/problem+json';

/** `base`: what addresses begin with, without a slash at the end. */
export function openApiDocument(operations: readonly Operation[], base: string): object {
  const paths = [...new Set(operations.map(({ path }) => path))];
  return {
    openapi: '3.1.1',
    info: {
      title: 'Vitrine',
      version: '1',
      description:
        'People, access and audit for scripts. Every request carries a personal access token; cookies make no difference, and pages of browsers are not answered. Times are in UTC.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: base === '' ? '/' : base }],
    security: [{ personalToken: [] }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: Object.fromEntries(
      paths.map((path) => [
        path,
        Object.fromEntries(operations.filter((each) => each.path === path).map((each) => [each.method.toLowerCase(), describe(each)])),
      ]),
    ),
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        personalToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'vitrine_pat_…',
          description: 'A personal access token. The description of an operation names the scope that it needs.',
        },
      },
    },
  };
}

/** Of every problem that an operation can answer with, by what it takes. */
export function problemsOf({ scope, path, body, query, conditions = [], problems = [] }: Operation): readonly ProblemCode[] {
  const codes: ReadonlyArray<ProblemCode | null> = [
    'token.needed',
    scope === null ? null : 'token.scope',
    path.includes('{') ? 'not-found' : null,
    'request.fields',
    ...(body === undefined ? [] : (['request.malformed', 'request.too-large', 'request.media-type'] as const)),
    conditions.includes('If-Match') ? 'request.changed' : null,
    query === undefined ? null : 'request.fields',
    'request.throttled',
    ...problems,
  ];
  return [...new Set(codes.filter((code) => code !== null))];
}

function describe(operation: Operation): object {
  const { id, tag, summary, description = '', scope, answers } = operation;
  const needed = scope === null ? 'Any token in force will do.' : `Scope: \`${scope}\`.`;
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: [description, needed].filter((text) => text !== '').join('\n\n'),
    ...parametersOf(operation),
    ...(operation.body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: refTo(operation.body) } } } }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, describeAnswer(answer)])),
      ...describeProblems(problemsOf(operation)),
      ...(answers[200] !== undefined && operation.conditions?.includes('If-None-Match') === true
        ? { 304: { description: 'It is as it was' } }
        : {}),
    },
  };
}

function describeAnswer({ description, schema, lines, headers = [] }: Answer): object {
  const ofLines =
    lines === undefined ? {} : { [lines]: { schema: { type: 'string', description: 'One event a line, as in the list of the JSON.' } } };
  return {
    description,
    ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers.map((name) => [name, { schema: { type: 'string' } }])) }),
    ...(schema === undefined ? {} : { content: { 'application/json': { schema: refTo(schema) }, ...ofLines } }),
  };
}

function describeProblems(codes: readonly ProblemCode[]): object {
  const byStatus = Map.groupBy(codes, (code) => PROBLEMS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, of]) => [
      status,
      {
        description: of.map((code) => `${PROBLEMS[code].title} (\`${code}\`)`).join('; '),
        content: { [PROBLEM_JSON]: { schema: refTo(PROBLEM) } },
      },
    ]),
  );
}

function parametersOf({ path, query, conditions = [] }: Operation): object {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = query === undefined ? [] : queryParameters(query);
  const headers = conditions.map((name) => ({ name, in: 'header', required: false, schema: { type: 'string' } }));
  const all = [...inPath, ...inQuery, ...headers];
  return all.length === 0 ? {} : { parameters: all };
}

function queryParameters(query: z.ZodObject): readonly object[] {
  const { properties = {}, required = [] } = z.toJSONSchema(query, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...schema } = plain(property) as { description?: string };
    return { name, in: 'query', required: required.includes(name), ...(description === undefined ? {} : { description }), schema };
  });
}

function componentSchemas(): object {
  const { schemas } = z.toJSONSchema(SCHEMAS, { uri: (id) => `#/components/schemas/${id}`, io: 'input' });
  return Object.fromEntries(Object.entries(schemas).map(([id, { $schema, $id, ...schema }]) => [id, plain(schema)]));
}

function refTo(schema: z.ZodType): object {
  return { $ref: `#/components/schemas/${nameOf(schema)}` };
}

/** As the description calls a schema. */
export function nameOf(schema: z.ZodType): string {
  const name = SCHEMAS.get(schema)?.id;
  if (name === undefined) throw new Error('a schema of the interface has no name');
  return name;
}

/** Without what says a type once more: patterns of times, hundreds of letters long, and the ends of all whole numbers. */
function plain(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(plain);
  if (typeof schema !== 'object' || schema === null) return schema;
  const isTime = 'format' in schema && schema.format === 'date-time';
  const isSaid = (key: string, value: unknown) => (isTime && key === 'pattern') || Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key, value]) => !isSaid(key, value))
      .map(([key, value]) => [key, plain(value)]),
  );
}
