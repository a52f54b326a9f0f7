import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';

/** A JSON object, with the line on which each of its own keys stands. */
export interface JsonWithLines {
  readonly entries: ReadonlyMap<string, unknown>;
  lineOf(key: string): number;
}

export type JsonResult =
  | { readonly ok: true; readonly json: JsonWithLines }
  | { readonly ok: false; readonly line: number; readonly sentence: string };

export function readJsonObject(text: string): JsonResult {
  const plain = text.replace(/^\ufeff/, '');
  const value = parse(plain);
  if (value instanceof SyntaxError) {
    const line = Number(/\bline (\d+)/.exec(value.message)?.[1] ?? 1);
    return { ok: false, line, sentence: 'This is no JSON.' };
  }
  if (!isObject(value)) return { ok: false, line: 1, sentence: 'This is no JSON object.' };
  const lines = linesOfKeys(plain);
  return { ok: true, json: { entries: new Map(Object.entries(value)), lineOf: (key) => lines.get(key) ?? 1 } };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}

/** JSON is YAML, whose reader knows places. */
function linesOfKeys(text: string): ReadonlyMap<string, number> {
  const counter = new LineCounter();
  const { contents } = parseDocument(text, { lineCounter: counter, prettyErrors: false, uniqueKeys: false });
  if (!isMap(contents)) return new Map();
  return new Map(
    contents.items.flatMap(({ key }) => (isScalar(key) ? [[String(key.value), counter.linePos(key.range?.[0] ?? 0).line] as const] : [])),
  );
}
