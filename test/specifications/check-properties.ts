/** A table of properties as a specification has it: each with what it must be. A sentence for every departure. */
export type PropertyCheck = (value: unknown) => string | null;
export type Requirement = 'REQUIRED' | 'RECOMMENDED' | 'OPTIONAL';

export interface PropertyRow {
  readonly name: string;
  readonly requirement: Requirement;
  readonly check: PropertyCheck;
}

/** Recommended properties count as required: this project gives them all. */
export function checkProperties(value: unknown, what: string, rows: readonly PropertyRow[]): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${what} is no JSON object`];
  const given = new Map(Object.entries(value));
  const unknown = [...given.keys()]
    .filter((key) => !rows.some(({ name }) => name === key))
    .map((key) => `${what} has ${key}, which no table has`);
  const wrong = rows.flatMap(({ name, requirement, check }) => {
    if (!given.has(name)) return requirement === 'OPTIONAL' ? [] : [`${what} lacks ${name}, which is ${requirement}`];
    const mistake = check(given.get(name));
    return mistake === null ? [] : [`${what}: ${name} ${mistake}`];
  });
  return [...unknown, ...wrong];
}

export function exactly(...allowed: readonly unknown[]): PropertyCheck {
  return (value) => (allowed.includes(value) ? null : `is ${JSON.stringify(value)}, not ${JSON.stringify(allowed)}`);
}

export function text(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? null : 'is no text';
}

/** An HTTP(S) URI without query and fragment: viewers append a query. */
export function serviceUri(value: unknown): string | null {
  if (typeof value !== 'string' || !URL.canParse(value)) return 'is no URI';
  const url = new URL(value);
  if (!/^https?:$/.test(url.protocol)) return 'is no HTTP URI';
  return value.includes('?') || value.includes('#') ? 'has a query or fragment' : null;
}

export function positiveInteger(value: unknown): string | null {
  return Number.isInteger(value) && Number(value) > 0 ? null : 'is no positive integer';
}

/** https://iiif.io/api/presentation/3.0/#44-language-of-property-values */
export function languageMap(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'is no language map';
  const entries = Object.entries(value);
  if (entries.length === 0) return 'is an empty language map';
  const badKey = entries.find(([key]) => key !== 'none' && !/^[a-z]{2,3}(-[a-z0-9]{1,8})*$/i.test(key));
  if (badKey !== undefined) return `has the key ${badKey[0]}`;
  const good = entries.every(([, texts]) => Array.isArray(texts) && texts.length > 0 && texts.every((each) => text(each) === null));
  return good ? null : 'has a language without texts';
}
