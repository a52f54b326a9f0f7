/**
 * HTML in the notes of access services. Viewers of 1.0 put descriptions into their page as HTML, and some clean nothing
 * before; 2.0 and our own pages have plain text.
 * https://iiif.io/api/auth/1.0/#service-description
 * https://iiif.io/api/presentation/2.1/#html-markup-in-property-values
 */
import type { LanguageMap } from '../../lib/language-map.ts';

/** One of ours begins with a letter or a slash right after the bracket, and holds no other bracket. */
const TAG = /<[a-z/][^<>]*>/gi;
const PLAIN_TAG = /^<(\/?)(a|b|i|em|strong|p|span)>$/i;
const BREAK = /^<br ?\/?>$/i;
const LINK = /^<a href=(?:"([^"]*)"|'([^']*)')>$/i;

type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'break' }
  | { readonly kind: 'open' | 'close'; readonly name: string; readonly href: string | null };

/**
 * What a viewer may put into its page as it is: text, and of the tags of the author a link to http(s), `b`, `i`, `em`,
 * `strong`, `p`, `span` and `br`, none with another attribute, each closed. Everything else shows as it was written.
 */
export function safeMarkup(text: string): string {
  const pieces = balanced(piecesOf(text));
  // Without tags it is no HTML for many viewers; only what would be read as markup is escaped then.
  if (pieces.every(({ kind }) => kind === 'text')) return text.replace(/&(?=[#a-z])/gi, '&amp;').replaceAll('<', '&lt;');
  const written = pieces.map(writePiece).join('');
  // Clients take for HTML what begins and ends with a tag.
  return written.startsWith('<') && written.endsWith('>') ? written : `<span>${written}</span>`;
}

/** The same without its tags; a link is followed by where it goes. */
export function withoutMarkup(text: string): string {
  const open: (string | null)[] = [];
  const pieces = balanced(piecesOf(text));
  if (pieces.every(({ kind }) => kind === 'text')) return text;
  const written = pieces.map((piece) => {
    if (piece.kind === 'text') return piece.text;
    if (piece.kind === 'break') return ' ';
    if (piece.kind === 'open') open.push(piece.href);
    const href = piece.kind === 'close' ? (open.pop() ?? null) : null;
    return href === null ? (piece.name === 'p' ? ' ' : '') : ` (${href})`;
  });
  return written.join('').replace(/ {2,}/g, ' ').trim();
}

export function textsWithoutMarkup(map: LanguageMap): LanguageMap {
  return Object.fromEntries(Object.entries(map).map(([language, texts]) => [language, texts.map(withoutMarkup)]));
}

function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { 0: tag, index } of text.matchAll(TAG)) {
    const piece = readTag(tag);
    if (piece === null) continue;
    pieces.push({ kind: 'text', text: text.slice(at, index) }, piece);
    at = index + tag.length;
  }
  return [...pieces, { kind: 'text', text: text.slice(at) }];
}

/** Null for what is shown as it was written. */
function readTag(tag: string): Piece | null {
  if (BREAK.test(tag)) return { kind: 'break' };
  const [, slash, name] = PLAIN_TAG.exec(tag) ?? [];
  if (name !== undefined) return plainTag(name.toLowerCase(), slash === '/');
  const [, double, single] = LINK.exec(tag) ?? [];
  const href = webAddress(double ?? single ?? '');
  return href === null ? null : { kind: 'open', name: 'a', href };
}

/** A link without an address is none. */
function plainTag(name: string, closes: boolean): Piece | null {
  if (closes) return { kind: 'close', name, href: null };
  return name === 'a' ? null : { kind: 'open', name, href: null };
}

function webAddress(text: string): string | null {
  const address = text.replaceAll('&amp;', '&');
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) return null;
  const { href, username, password } = new URL(address);
  return username === '' && password === '' ? href : null;
}

/** What closes nothing is text, and what is left open is closed at the end. */
function balanced(pieces: readonly Piece[]): readonly Piece[] {
  const open: string[] = [];
  const kept = pieces.map((piece): Piece => {
    if (piece.kind === 'open') open.push(piece.name);
    if (piece.kind !== 'close') return piece;
    if (open.at(-1) !== piece.name) return { kind: 'text', text: `</${piece.name}>` };
    open.pop();
    return piece;
  });
  return [...kept, ...open.reverse().map((name): Piece => ({ kind: 'close', name, href: null }))];
}

function writePiece(piece: Piece): string {
  if (piece.kind === 'text') return escapeTags(piece.text.replaceAll('&', '&amp;'));
  if (piece.kind === 'break') return '<br/>';
  if (piece.kind === 'close') return `</${piece.name}>`;
  return piece.href === null ? `<${piece.name}>` : `<a href="${escapeAttribute(piece.href)}">`;
}

/** In text only: quotes are harmless there. */
function escapeTags(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function escapeAttribute(text: string): string {
  return escapeTags(text.replaceAll('&', '&amp;')).replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}
