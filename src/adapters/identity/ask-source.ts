/** The source did not answer in time, or with something that no source sends. */
export class SourceSilent extends Error {
  override readonly name = 'SourceSilent';
}

/** Configurations and key sets are tens of kilobytes. */
const LARGEST_ANSWER_BYTES = 1_000_000;

export interface Question {
  readonly method?: string;
  readonly headers?: Headers | Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams | Uint8Array<ArrayBuffer> | null;
}

/**
 * Asks over HTTP, within a time and for so many bytes, and follows nobody elsewhere: a redirect is an answer like any other.
 * Throws `SourceSilent`.
 */
export async function askSource(url: string, question: Question, timeoutSeconds: number): Promise<Response> {
  const { origin, pathname } = new URL(url);
  const where = `${origin}${pathname}`;
  try {
    const { method = 'GET', headers = {}, body = null } = question;
    const signal = AbortSignal.timeout(timeoutSeconds * 1000);
    const answer = await fetch(url, { method, headers, body, redirect: 'manual', signal });
    const bytes = await readBounded(answer, where);
    const bare = [204, 205, 304].includes(answer.status) || answer.status < 200;
    return new Response(bare ? null : bytes, { status: answer.status, headers: answer.headers });
  } catch (error) {
    if (error instanceof SourceSilent) throw error;
    throw new SourceSilent(`${where}: ${describe(error)}`, { cause: error });
  }
}

async function readBounded(answer: Response, where: string): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of answer.body ?? []) {
    size += part.byteLength;
    // Leaving the loop closes the connection.
    if (size > LARGEST_ANSWER_BYTES) throw new SourceSilent(`${where}: the answer is larger than ${LARGEST_ANSWER_BYTES} bytes`);
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

/** `fetch failed` alone helps nobody. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? `${error.message}: ${cause.message || cause.name}` : error.message;
}
