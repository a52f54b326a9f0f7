import type { MediaFile } from '../../flows/serve-media.ts';

/** Nothing in such a file loads or runs, and it is of no origin, ours least of all. */
const SANDBOXED = "default-src 'none'; sandbox; frame-ancestors *";

/** Shown by browsers themselves, by parts that run no script of the file as ours: SVG is no item. A sandbox would stop them. */
const SHOWN_BY_BROWSERS = /^(?:audio|image|video)\/|^application\/pdf$/;
/** What browsers would build a page from, or cannot show at all, is saved. */
const SHOWN = /^(?:audio|image|video)\/|^application\/(?:pdf|json|dash\+xml|vnd\.apple\.mpegurl)$|^text\//;

/** How a browser is to take the file. Text is what we say it is, never what it looks like: `nosniff` is on every answer. */
export function mediaFileHeaders({ path, mediaType }: Pick<MediaFile, 'path' | 'mediaType'>): Readonly<Record<string, string>> {
  return {
    'content-type': mediaType.startsWith('text/') ? `${mediaType}; charset=utf-8` : mediaType,
    'content-disposition': disposition(SHOWN.test(mediaType) ? 'inline' : 'attachment', path.split('/').at(-1) ?? path),
    ...(SHOWN_BY_BROWSERS.test(mediaType) ? {} : { 'content-security-policy': SANDBOXED }),
  };
}

/** https://www.rfc-editor.org/rfc/rfc6266#section-4 and https://www.rfc-editor.org/rfc/rfc8187#section-3.2 */
function disposition(kind: 'inline' | 'attachment', name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${kind}; filename="${plain}"${plain === name ? '' : `; filename*=UTF-8''${encoded}`}`;
}
