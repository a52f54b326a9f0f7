/**
 * The `origin` parameter of access and token services, and the target of the token message.
 * https://iiif.io/api/auth/2.0/#interaction-with-access-services
 * https://iiif.io/api/auth/1.0/#interaction-with-the-access-cookie-service
 */

const LONGEST_ORIGIN = 300;
/** Narrower than URLs, where quotes and braces can stand in a host: an origin goes into headers and pages. */
const SHAPE = /^https?:\/\/(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?\/?$/;

/**
 * The origin as browsers serialise it, or null for anything else: two origins are the same when their texts are.
 * One slash at the end is accepted, since the examples of Authentication 1.0 have it. Names are taken in ASCII only,
 * as browsers send them.
 */
export function parseOrigin(text: string | null): string | null {
  if (text === null || text.length > LONGEST_ORIGIN || !SHAPE.test(text)) return null;
  const url = URL.parse(text);
  if (url === null) return null;
  const given = text.endsWith('/') ? text.slice(0, -1) : text;
  return given === url.origin ? given : null;
}
