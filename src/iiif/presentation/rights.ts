/** https://iiif.io/api/presentation/3.0/#rights */
const ACCEPTED = /^https?:\/\/(?:www\.)?(creativecommons\.org|rightsstatements\.org)\/([a-z0-9./-]+)$/i;

/**
 * A URI of Creative Commons or RightsStatements.org as IIIF asks for it, or null: the scheme and path of the identifier, not
 * of the page for people: `http:`, `/vocab/`, no `deed.en`.
 */
export function toRightsUri(text: string): string | null {
  const match = ACCEPTED.exec(text.trim());
  if (match === null) return null;
  const host = (match[1] ?? '').toLowerCase();
  const path = (match[2] ?? '').replace(/(?:deed|legalcode)(?:\.[a-z_-]+)?$/i, '');
  if (host === 'creativecommons.org') return /^(licenses|publicdomain)\//.test(path) ? `http://${host}/${withSlash(path)}` : null;
  const vocabulary = path.replace(/^page\//, 'vocab/');
  return vocabulary.startsWith('vocab/') ? `http://${host}/${withSlash(vocabulary)}` : null;
}

function withSlash(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}
