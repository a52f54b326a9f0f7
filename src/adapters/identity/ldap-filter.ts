/** https://www.rfc-editor.org/rfc/rfc4515#section-3 */
const SPECIAL = /[\\*()\0]/g;

/** The filter with each `{key}` replaced by its value, in which nothing means anything. */
export function fillFilter(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, key: string) => (Object.hasOwn(values, key) ? escapeValue(values[key] ?? '') : whole));
}

function escapeValue(text: string): string {
  return text.replace(SPECIAL, (character) => `\\${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
