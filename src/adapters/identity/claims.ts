/** Deeper than any provider nests what rules ask for (`resource_access.vitrine.roles`). */
const DEEPEST = 4;
const MOST_VALUES = 2_000;

/**
 * Claims as attributes: one value or a list becomes a list of texts, what lies in an object is named with dots
 * (`realm_access.roles`). A claim that is itself called so wins.
 */
export function claimsToAttributes(claims: Readonly<Record<string, unknown>>): ReadonlyMap<string, readonly string[]> {
  const attributes = new Map<string, readonly string[]>();
  const nested: (readonly [string, readonly string[]])[] = [];
  for (const [name, value] of Object.entries(claims)) {
    const texts = toTexts(value);
    if (texts.length > 0) attributes.set(name, texts);
    if (isObject(value)) nested.push(...flatten(name, value, 2));
  }
  for (const [name, texts] of nested) if (!attributes.has(name)) attributes.set(name, texts);
  return attributes;
}

function flatten(path: string, object: Readonly<Record<string, unknown>>, depth: number): (readonly [string, readonly string[]])[] {
  if (depth > DEEPEST) return [];
  return Object.entries(object).flatMap(([name, value]) => {
    const inner = `${path}.${name}`;
    if (isObject(value)) return flatten(inner, value, depth + 1);
    const texts = toTexts(value);
    return texts.length === 0 ? [] : [[inner, texts] as const];
  });
}

function toTexts(value: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value.slice(0, MOST_VALUES) : [value];
  return values.filter((each) => ['string', 'number', 'boolean'].includes(typeof each) && each !== '').map(String);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
