import { randomBytes } from 'node:crypto';

/** What proxies write; longer ones, and stranger ones, are nobody's. */
const GIVEN = /^[A-Za-z0-9_.:+=/@-]{1,128}$/;

export const REQUEST_ID_HEADER = 'x-request-id';

/** A name for each request, for the log: that of a proxy which is believed, or one of our own. */
export function createRequestIds(): (given: string | null, isBelieved: boolean) => string {
  const start = randomBytes(6).toString('hex');
  let last = 0;
  return (given, isBelieved) => {
    if (isBelieved && given !== null && GIVEN.test(given)) return given;
    last += 1;
    return `${start}-${last.toString(36)}`;
  };
}
