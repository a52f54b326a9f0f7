/** Text that is already HTML. Only `html` makes it, so nothing that came in as data can pass for it. */
export class Html {
  readonly #text: string;

  constructor(strings: TemplateStringsArray, values: readonly Content[]) {
    this.#text = strings.reduce((made, literal, index) => made + textOf(values[index - 1]) + literal);
  }

  toString(): string {
    return this.#text;
  }
}

/** What may stand in `${}`. Lists are joined without a separator; null, undefined and false leave nothing. */
export type Content = string | number | Html | null | undefined | false | readonly Content[];

/**
 * HTML with everything in `${}` escaped, for text and for attribute values in quotes.
 * Attribute values without quotes, and the insides of `script` and `style`, are never a place for `${}`.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(strings, values);
}

/**
 * A value as the text of a `<script type="application/json">` block.
 * JSON knows `\u003c` for `<`, so the block can neither end early nor open a comment.
 */
export function jsonBlock(id: string, value: unknown): Html {
  const text = JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return new Html(rawParts('<script type="application/json" id="', `">${text}</script>`), [id]);
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

function textOf(value: Content): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Html) return value.toString();
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  return value.map(textOf).join('');
}

function rawParts(...parts: readonly string[]): TemplateStringsArray {
  return Object.assign([...parts], { raw: parts });
}
