const LONGEST_HEADER = 1000;
const RANGE = /^(\*|[a-z]{1,8}(?:-[a-z0-9]{1,8})*)$/i;

/**
 * Language ranges of an `Accept-Language` header in lower case, the preferred one first; `q=0` is left out, and so is
 * what cannot be read. https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4
 */
export function parseAcceptLanguage(header: string | null): readonly string[] {
  if (header === null || header.length > LONGEST_HEADER) return [];
  return header
    .split(',')
    .map(parseRange)
    .filter(({ range, weight }) => RANGE.test(range) && weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ range }) => range);
}

function parseRange(text: string): { range: string; weight: number } {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weights = parameters.filter((parameter) => parameter.startsWith('q=')).map((parameter) => parameter.slice(2));
  return { range, weight: weights.length === 0 ? 1 : parseWeight(weights[0] ?? '') };
}

function parseWeight(text: string): number {
  return /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(text) ? Number(text) : 0;
}
