/** The value of a parameter that is there exactly once: of two, programs on the way may have read another than we do. */
export function singleParameter(parameters: URLSearchParams, name: string): string | null {
  const [value, ...more] = parameters.getAll(name);
  return value === undefined || more.length > 0 ? null : value;
}
