/** Where the other item lies that a tier takes its bytes from, written as a path with parts of the item's own in braces. */

const PLACEHOLDER = /\{([^{}]*)\}/g;
const NAMES: readonly string[] = ['path', 'folder', 'name', 'ending'];

/** `films/talk.mp4` in `{folder}/low/{name}.webm` is `films/low/talk.webm`. At the root `{folder}` is nothing. */
export function standInPath(pattern: string, path: string): string {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  const file = path.slice(path.lastIndexOf('/') + 1);
  const dot = file.lastIndexOf('.');
  const parts: Readonly<Record<string, string>> = {
    path,
    folder,
    name: dot < 0 ? file : file.slice(0, dot),
    ending: dot < 0 ? '' : file.slice(dot + 1),
  };
  return pattern.replace(PLACEHOLDER, (_, name: string) => parts[name] ?? '').replace(/^\//, '');
}

/** What is wrong with such a path, as a sentence; null where nothing is. */
export function findStandInMistake(pattern: string): string | null {
  const unknown = [...pattern.matchAll(PLACEHOLDER)].find(([, name = '']) => !NAMES.includes(name));
  if (unknown !== undefined) return `There is no ${unknown[0]}. It can hold ${NAMES.map((name) => `{${name}}`).join(', ')}.`;
  if (/[{}]/.test(pattern.replace(PLACEHOLDER, ''))) return 'A brace is open.';
  if (pattern === '{path}' || pattern === '{folder}/{name}.{ending}') return 'That is the item itself.';
  const segments = pattern.split('/');
  if (segments.some((segment) => segment === '' || segment.startsWith('.') || segment.startsWith('~') || segment.includes('\\'))) {
    return 'It is a path below the image folder, such as previews/{path}, with no link to elsewhere.';
  }
  return null;
}
