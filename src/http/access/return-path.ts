/** The pages that a sign-in may lead back to. */
const RETURN_PAGES = ['/browse/', '/view/', '/lab/'];
const SINGLE_PAGES: readonly string[] = ['/lab', '/tokens', '/requests', '/request-access'];
/** RFC 3986 path and query characters, less the ones that browsers read as something else. */
const SHAPE = /^\/[A-Za-z0-9\-._~!$&'()*+,;=:@%/?]*$/;
const LONGEST = 2000;

/**
 * A path of ours to go back to, or `/` for anything else. Begins below the base path.
 * Never leads elsewhere: no host, no empty or dot segments, no encoded control characters.
 */
export function returnPath(text: string | null): string {
  if (text === null || !isLocalPath(text)) return '/';
  const [path = ''] = text.split('?');
  return SINGLE_PAGES.includes(path) || RETURN_PAGES.some((each) => path.startsWith(each)) ? text : '/';
}

/** Whether a path leads nowhere else, whoever reads it. */
export function isLocalPath(text: string): boolean {
  if (text.length > LONGEST || !SHAPE.test(text)) return false;
  const [path = ''] = text.split('?');
  const segments = path.slice(1).split('/');
  if (segments.some((segment, at) => isDotSegment(segment) || (segment === '' && at < segments.length - 1))) return false;
  return !/%(?![0-9a-f]{2})|%[01][0-9a-f]|%7f/i.test(text);
}

function isDotSegment(segment: string): boolean {
  return /^(\.|%2e){1,2}$/i.test(segment);
}
