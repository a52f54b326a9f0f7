import { SaxesParser } from 'saxes';

/**
 * XML from outside, read strictly into a tree: well-formed, in one encoding, bounded. No document type, so that there are
 * no entities to grow; no comments and processing instructions, which cut a text in two for some readers and not for others.
 * https://www.w3.org/TR/xml/, https://www.w3.org/TR/xml-names/
 */
export interface XmlElement {
  readonly namespace: string;
  /** Without prefix. */
  readonly name: string;
  /** By local name, those without a namespace only. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Text directly in this element, joined. */
  readonly text: string;
}

export type XmlResult = { readonly ok: true; readonly root: XmlElement } | { readonly ok: false; readonly mistake: string };

export interface XmlLimits {
  readonly characters: number;
  readonly elements: number;
  readonly depth: number;
}

/** Several times what a message about one person needs. */
export const MESSAGE_LIMITS: XmlLimits = { characters: 500_000, elements: 5_000, depth: 50 };

interface OpenElement {
  readonly namespace: string;
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
}

class NotTaken extends Error {}

export function parseXml(text: string, limits: XmlLimits = MESSAGE_LIMITS): XmlResult {
  if (text.length > limits.characters) return { ok: false, mistake: `it is longer than ${limits.characters} characters` };
  try {
    return { ok: true, root: readTree(text, limits) };
  } catch (error) {
    return { ok: false, mistake: error instanceof Error ? error.message : 'it cannot be read' };
  }
}

function readTree(text: string, limits: XmlLimits): XmlElement {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const open: OpenElement[] = [];
  const roots: XmlElement[] = [];
  let elements = 0;
  const refuse = (what: string) => () => {
    throw new NotTaken(`it has ${what}`);
  };
  const write = (more: string) => {
    const last = open.at(-1);
    if (last !== undefined) last.text += more;
  };

  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', refuse('a document type'));
  parser.on('comment', refuse('a comment'));
  parser.on('processinginstruction', refuse('a processing instruction'));
  parser.on('text', write);
  parser.on('cdata', write);
  parser.on('opentag', (tag) => {
    elements += 1;
    if (elements > limits.elements) throw new NotTaken(`it has more than ${limits.elements} elements`);
    if (open.length >= limits.depth) throw new NotTaken(`it is deeper than ${limits.depth} elements`);
    const plain = Object.values(tag.attributes).filter(({ prefix }) => prefix === '');
    open.push({
      namespace: tag.uri,
      name: tag.local,
      attributes: new Map(plain.map(({ local, value }) => [local, value])),
      children: [],
      text: '',
    });
  });
  parser.on('closetag', () => {
    const done = open.pop();
    if (done !== undefined) (open.at(-1)?.children ?? roots).push(done);
  });

  parser.write(text.replace(/^\uFEFF/, '')).close();
  const [root] = roots;
  if (root === undefined) throw new NotTaken('it has no element');
  return root;
}

/** The children of that name. */
export function childrenOf(element: XmlElement, namespace: string, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name && child.namespace === namespace);
}

/** Where there is exactly one. */
export function onlyChild(element: XmlElement, namespace: string, name: string): XmlElement | null {
  const [child, ...more] = childrenOf(element, namespace, name);
  return child === undefined || more.length > 0 ? null : child;
}

/** The element and all below it, outermost first. */
export function* walk(element: XmlElement): Generator<XmlElement> {
  yield element;
  for (const child of element.children) yield* walk(child);
}
