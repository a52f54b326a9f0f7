import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type ParsedNode, parseDocument, visit } from 'yaml';
import { nearestWord } from '../lib/nearest-word.ts';
import { type FileBeside, nothingBeside, type ReadBeside } from './files-beside.ts';

/** A mistake in a YAML file: where, and a sentence. Line and column from 1. */
export interface YamlMistake {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly sentence: string;
}

/** One pair of a mapping: the key with its place, and the value. */
export interface YamlEntry {
  readonly key: string;
  readonly keyNode: YamlNode;
  readonly value: YamlNode;
}

/** A place in the file; a missing value has the place of its key. */
export interface YamlNode {
  readonly node: Node | null;
  readonly offset: number;
}

const LONGEST_FILE = 1_000_000;
/** A person who shares a text between services needs a few; a file that needs more was made to be big in memory. */
const MOST_ALIASES = 100;

/** Reads one YAML file node by node, and collects every mistake instead of stopping at the first. */
export class YamlReading {
  readonly mistakes: YamlMistake[] = [];
  readonly root: YamlNode;
  readonly #file: string;
  readonly #readBeside: ReadBeside;
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed | null;

  /** `readBeside`: reads files that this one names. */
  constructor(text: string, file: string, readBeside: ReadBeside = nothingBeside) {
    this.#file = file;
    this.#readBeside = readBeside;
    this.#document = this.#parse(text);
    const node = this.#document?.contents ?? null;
    this.root = { node, offset: node?.range[0] ?? 0 };
  }

  report(place: YamlNode, sentence: string): void {
    this.#reportAt(place.offset, sentence);
  }

  /** The file that a text names; reports and gives null where it cannot be used. */
  fileNamed(place: YamlNode, what: string): FileBeside | null {
    const name = this.text(place, what);
    const found = name === null ? null : this.#readBeside(name);
    if (typeof found !== 'string') return found;
    this.report(place, `${what} cannot be ${name}. ${found}`);
    return null;
  }

  /** Line and column, from 1. */
  position(place: YamlNode): { line: number; column: number } {
    const { line, col } = this.#lines.linePos(place.offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  /** The pairs of a mapping; reports and gives null where it is none. `what`: how the sentence names it. */
  entries(place: YamlNode, what: string): readonly YamlEntry[] | null {
    const node = this.#resolve(place);
    if (!isMap(node)) {
      this.report(place, `${what} must be a mapping (keys with values), not ${describe(place, node)}.`);
      return null;
    }
    return node.items.flatMap(({ key, value }) => {
      const keyNode = this.#place(key, place.offset);
      return isScalar(key) ? [{ key: String(key.value), keyNode, value: this.#place(value, keyNode.offset) }] : [];
    });
  }

  /** The values of a list; reports and gives null where it is none. */
  list(place: YamlNode, what: string): readonly YamlNode[] | null {
    const node = this.#resolve(place);
    if (isSeq(node)) return node.items.map((item) => this.#place(item, place.offset));
    this.report(place, `${what} must be a list, not ${describe(place, node)}.`);
    return null;
  }

  isList(place: YamlNode): boolean {
    return isSeq(this.#resolve(place));
  }

  isMapping(place: YamlNode): boolean {
    return isMap(this.#resolve(place));
  }

  /** The text of a scalar without white space around it; reports and gives null where it is no text, or empty. */
  text(place: YamlNode, what: string): string | null {
    const node = this.#resolve(place);
    if (!isScalar(node) || node.value === null) {
      this.report(place, `${what} must be a text, not ${describe(place, node)}.`);
      return null;
    }
    if (typeof node.value !== 'string') {
      const plain = typeof node.value === 'number' || typeof node.value === 'boolean';
      this.report(place, plain ? `${what} must be a text; put ${node.value} in quotes.` : `${what} must be a text without a tag.`);
      return null;
    }
    const text = node.value.trim();
    if (text === '') this.report(place, `${what} is empty.`);
    return text === '' ? null : text;
  }

  /** The text of a scalar; null, and nothing is reported, where it is none. */
  textIfAny(place: YamlNode): string | null {
    const node = this.#resolve(place);
    return isScalar(node) && typeof node.value === 'string' ? node.value.trim() : null;
  }

  /** Reports and gives null where it is no number. */
  number(place: YamlNode, what: string): number | null {
    const node = this.#resolve(place);
    if (isScalar(node) && typeof node.value === 'number') return node.value;
    this.report(place, `${what} must be a number, not ${describe(place, node)}.`);
    return null;
  }

  isFalse(place: YamlNode): boolean {
    const node = this.#resolve(place);
    return isScalar(node) && node.value === false;
  }

  /** Reports and gives null where it is neither true nor false. */
  truth(place: YamlNode, what: string): boolean | null {
    const node = this.#resolve(place);
    if (isScalar(node) && typeof node.value === 'boolean') return node.value;
    this.report(place, `${what} must be true or false, not ${describe(place, node)}.`);
    return null;
  }

  /** Reports every key that is not known here. `later`: keys of later versions, which must not be ignored silently. */
  checkKeys(entries: readonly YamlEntry[], what: string, known: readonly string[], later: readonly string[]): void {
    for (const { key, keyNode } of entries) {
      if (known.includes(key)) continue;
      if (later.includes(key)) {
        this.report(keyNode, `"${key}" is not supported by this version.`);
        continue;
      }
      const near = nearestWord(key, known);
      this.report(keyNode, `Unknown key "${key}". ${near === null ? `${what} can have ${known.join(', ')}.` : `Did you mean "${near}"?`}`);
    }
  }

  #parse(text: string): Document.Parsed | null {
    if (text.length > LONGEST_FILE) {
      this.#reportAt(0, `The file is longer than ${LONGEST_FILE} characters.`);
      return null;
    }
    const document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, stringKeys: true, uniqueKeys: true });
    for (const error of [...document.errors, ...document.warnings]) this.#reportAt(error.pos[0], syntaxSentence(error.code, error.message));
    if (countAliases(document) > MOST_ALIASES) {
      this.#reportAt(0, `The file uses more than ${MOST_ALIASES} aliases (*name).`);
      return null;
    }
    return document.errors.every(({ code }) => code === 'DUPLICATE_KEY') ? document : null;
  }

  #reportAt(offset: number, sentence: string): void {
    const { line, column } = this.position({ node: null, offset });
    this.mistakes.push({ file: this.#file, line, column, sentence });
  }

  #resolve(place: YamlNode): Node | null {
    return isAlias(place.node) && this.#document !== null ? (place.node.resolve(this.#document) ?? null) : place.node;
  }

  #place(value: unknown, fallback: number): YamlNode {
    const node = (value ?? null) as ParsedNode | null;
    return { node, offset: node?.range?.[0] ?? fallback };
  }
}

function countAliases(document: Document.Parsed): number {
  let count = 0;
  visit(document, {
    Alias: () => {
      count += 1;
    },
  });
  return count;
}

function describe(place: YamlNode, node: Node | null): string {
  if (isAlias(place.node) && node === null) return `the alias *${place.node.source}, which names nothing`;
  if (isMap(node)) return 'a mapping';
  if (isSeq(node)) return 'a list';
  if (!isScalar(node) || node.value === null) return 'nothing';
  return typeof node.value === 'string' ? `the text "${node.value.slice(0, 40)}"` : `the value ${String(node.value).slice(0, 40)}`;
}

const SYNTAX_SENTENCES: Readonly<Record<string, string>> = {
  ALIAS_PROPS: 'An alias (*name) cannot have a tag or an anchor.',
  BAD_ALIAS: 'The name of an alias or anchor is not valid.',
  BAD_INDENT: 'The indentation does not fit the lines around it.',
  DUPLICATE_KEY: 'This key is in the mapping twice.',
  MISSING_CHAR: 'A character is missing here: a closing quote or bracket, or a colon after a key.',
  MULTILINE_IMPLICIT_KEY: 'A key must be on one line; perhaps the colon after it is missing.',
  MULTIPLE_DOCS: 'The file holds more than one YAML document (a line with ---).',
  TAB_AS_INDENT: 'The line is indented with a tab. YAML takes spaces only.',
  TAG_RESOLVE_FAILED: 'Tags (!name) cannot be used here.',
  UNEXPECTED_TOKEN: 'This cannot be read as YAML here.',
};

function syntaxSentence(code: string, message: string): string {
  if (/must be sufficiently indented and end with/.test(message)) return 'A bracket or brace was opened before this and is not closed.';
  if (/\btabs?\b/i.test(message)) return SYNTAX_SENTENCES['TAB_AS_INDENT'] ?? message;
  return SYNTAX_SENTENCES[code] ?? `This cannot be read as YAML: ${message.split('\n')[0]}.`;
}
