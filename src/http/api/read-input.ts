import type { z } from 'zod';
import { type Refusal, refuse } from '../../lib/problems.ts';
import type { HttpRequest, Reply } from '../server/exchange.ts';
import { problem } from '../server/reply.ts';

/** The names of `/users/{user}/grants/{grant}`. */
export type ParamNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | ParamNames<Rest> : never;

/** What is wrong, field by field. */
export interface Invalid {
  readonly kind: 'invalid';
  readonly errors: readonly FieldError[];
}

export interface FieldError {
  /** Of the body: a JSON Pointer, as a fragment. https://www.rfc-editor.org/rfc/rfc6901#section-6 */
  readonly pointer?: string;
  /** Of the query. */
  readonly parameter?: string;
  readonly detail: string;
}

/** More would only be noise. */
const MOST_ERRORS = 20;
const MOST_LETTERS = 200;

export function isInvalid(value: unknown): value is Invalid {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'invalid' && 'errors' in value;
}

/** 422, with the fields. */
export function refuseFields({ errors }: Invalid): Reply {
  const [first] = errors;
  const where = first?.pointer ?? first?.parameter ?? '';
  return problem(refuse('request.fields', `${where}: ${first?.detail ?? ''}`), {}, { errors: errors.slice(0, MOST_ERRORS) });
}

/** Decoded; no name of ours holds a slash or cannot be decoded. */
export function readParams<Path extends string>(path: Path, given: HttpRequest['params']): Record<ParamNames<Path>, string> | Refusal {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  try {
    const read = Object.fromEntries(names.map((name) => [name, decodeURIComponent(given[name] ?? '')]));
    return read as Record<ParamNames<Path>, string>;
  } catch {
    return refuse('not-found', 'There is nothing of this name.');
  }
}

export function readQuery(schema: z.ZodObject | undefined, query: URLSearchParams): unknown {
  const names = [...query.keys()];
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) return invalid([{ parameter: cut(twice), detail: 'It is given more than once.' }]);
  if (schema === undefined) {
    return names.length === 0 ? {} : invalid(names.map((name) => ({ parameter: cut(name), detail: 'There is no such parameter.' })));
  }
  const result = schema.safeParse(Object.fromEntries(query));
  if (result.success) return result.data;
  return invalid(
    result.error.issues.flatMap((issue) => fieldsOf(issue).map(({ path, detail }) => ({ parameter: cut(path.join('.')), detail }))),
  );
}

export async function readBody(schema: z.ZodType, request: HttpRequest): Promise<unknown> {
  const result = schema.safeParse(await request.json());
  if (result.success) return result.data;
  return invalid(
    result.error.issues.flatMap((issue) => fieldsOf(issue).map(({ path, detail }) => ({ pointer: cut(pointerTo(path)), detail }))),
  );
}

function invalid(errors: readonly FieldError[]): Invalid {
  return { kind: 'invalid', errors };
}

/** A name that is not known is a field of its own. */
function fieldsOf(issue: z.core.$ZodIssue): ReadonlyArray<{ readonly path: readonly PropertyKey[]; readonly detail: string }> {
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, detail: cut(issue.message) }];
  return issue.keys.map((key) => ({ path: [...issue.path, key], detail: 'There is no such field.' }));
}

function pointerTo(path: readonly PropertyKey[]): string {
  return `#${path.map((part) => `/${encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('')}`;
}

function cut(text: string): string {
  return text.length <= MOST_LETTERS ? text : `${text.slice(0, MOST_LETTERS)}…`;
}
