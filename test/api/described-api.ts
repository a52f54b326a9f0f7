/** The interface for programs as its description has it, to call and to check answers against. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

export interface DescribedOperation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly scope: string | null;
  readonly hasBody: boolean;
  readonly takesIfMatch: boolean;
  readonly statuses: readonly number[];
  /** What is wrong with an answer; nothing where it is as described. */
  check(response: Response): Promise<readonly string[]>;
}

interface Described {
  readonly operationId: string;
  readonly description: string;
  readonly parameters?: ReadonlyArray<{ readonly in: string; readonly name: string }>;
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, DescribedAnswer>>;
}

interface DescribedAnswer {
  readonly headers?: object;
  readonly content?: Readonly<Record<string, { readonly schema: { readonly $ref?: string; readonly type?: string } }>>;
}

export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

export function readOperations(document: Document): readonly DescribedOperation[] {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, formats: { 'date-time': isTime, email: true } });
  ajv.addKeyword('components');
  ajv.addSchema({ $id: 'https://api.example/', components: document.components });
  const validators = new Map<string, ValidateFunction>();
  const validatorOf = (ref: string): ValidateFunction => {
    const known = validators.get(ref) ?? ajv.compile({ $ref: `https://api.example/${ref}` });
    validators.set(ref, known);
    return known;
  };
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({
      id: described.operationId,
      method: method.toUpperCase(),
      path,
      scope: /Scope: `([^`]+)`/.exec(described.description)?.[1] ?? null,
      hasBody: described.requestBody !== undefined,
      takesIfMatch: described.parameters?.some(({ name }) => name === 'If-Match') ?? false,
      statuses: Object.keys(described.responses).map(Number),
      check: (response: Response) => check(described.responses[response.status], response, validatorOf),
    })),
  );
}

async function check(
  described: DescribedAnswer | undefined,
  response: Response,
  validatorOf: (ref: string) => ValidateFunction,
): Promise<readonly string[]> {
  const text = await response.text();
  if (described === undefined) return [`${response.status} is not described: ${text}`];
  const missing = Object.keys(described.headers ?? {}).filter((name) => !response.headers.has(name));
  const wrong = missing.map((name) => `${name} is missing`);
  const type = response.headers.get('content-type')?.split(';')[0] ?? null;
  if (described.content === undefined) return text === '' ? wrong : [...wrong, `there is a body: ${text}`];
  const schema = described.content[type ?? '']?.schema;
  if (schema === undefined) return [...wrong, `it is ${type}`];
  if (schema.$ref === undefined) return wrong;
  const validate = validatorOf(schema.$ref);
  if (validate(JSON.parse(text))) return wrong;
  return [...wrong, ...(validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)];
}

/** RFC 3339, in UTC. */
function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text) && !Number.isNaN(Date.parse(text));
}
