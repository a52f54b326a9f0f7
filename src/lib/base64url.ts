/**
 * Text as letters that stand in a path segment as they are. https://www.rfc-editor.org/rfc/rfc4648#section-5
 */
export function encodeBase64Url(text: string): string {
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte));
  return btoa(bytes.join('')).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** Null for what `encodeBase64Url` does not write. */
export function decodeBase64Url(written: string): string | null {
  try {
    const bytes = Uint8Array.from(atob(written.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return encodeBase64Url(text) === written ? text : null;
  } catch {
    return null;
  }
}
