import type { Visitor } from '../../domain/visitor.ts';
import type { RequestLine, ServerLog } from './server.ts';
import { withoutSecrets } from './server-log.ts';

/** How much a line tells of who asked. */
export type NamedAs = 'nobody' | 'pseudonym' | 'name';

interface AccessLogDeps {
  readonly namedAs: NamedAs;
  /** The pseudonym of a person or an address: the same as in the audit. */
  pseudonym(kind: 'person' | 'address', text: string): string;
  write(line: object): void;
}

type Asking = Pick<RequestLine, 'header'>;

/** A line for each answer, those at the front door among them. */
export interface AccessLog {
  /** Notes who it was that a request came from, before it is answered. */
  note(request: Asking, visitor: Visitor): void;
  log(log: ServerLog): ServerLog;
}

/** Of what a visitor may write as long as they like. */
const LONGEST = 300;

export function createAccessLog({ namedAs, pseudonym, write }: AccessLogDeps): AccessLog {
  // The function that reads the fields is one for each request, or for requests with the same fields.
  const visitors = new WeakMap<Asking['header'], string | null>();

  function who({ address, header }: RequestLine): object {
    if (namedAs === 'nobody') return {};
    const user = visitors.get(header) ?? null;
    if (namedAs === 'name') return { address, user };
    return { address: pseudonym('address', address), user: user === null ? null : pseudonym('person', user) };
  }

  return {
    note: (request, visitor) => void visitors.set(request.header, visitor.user?.name ?? null),
    log: (log) => ({
      ...log,
      request(line) {
        const { id, method, path, status, bytes, milliseconds, header } = line;
        write({
          id,
          ...who(line),
          method,
          path: withoutSecrets(path).slice(0, 4 * LONGEST),
          status,
          bytes,
          milliseconds: Math.round(milliseconds * 10) / 10,
          referer: withoutQuery(header('referer')),
          agent: header('user-agent')?.slice(0, LONGEST) ?? null,
        });
        log.request(line);
      },
    }),
  };
}

/** A query may hold what is nobody's business. */
function withoutQuery(address: string | null): string | null {
  return address === null ? null : withoutSecrets(address.replace(/[?#].*$/, '')).slice(0, LONGEST);
}
