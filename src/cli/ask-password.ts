import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Writable } from 'node:stream';

/** What `--password-stdin` reads at most: far more than a password has. */
const MAX_BYTES = 64 * 1024;

/** Asks twice, without echo. Null when the person gave up (Ctrl+C, Ctrl+D). */
export async function askTwice(terminal: Readable, prompt: (text: string) => void): Promise<{ first: string; second: string } | null> {
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: terminal, output: silence, terminal: true, historySize: 0 });
  const answers = lines[Symbol.asyncIterator]();
  try {
    const first = await askOnce('Password: ');
    const second = first === null ? null : await askOnce('Password, once more: ');
    return first === null || second === null ? null : { first, second };
  } finally {
    lines.close();
  }

  async function askOnce(question: string): Promise<string | null> {
    prompt(question);
    const answer = await answers.next();
    prompt('\n');
    return answer.done === true ? null : answer.value;
  }
}

/** All of standard input, without the line end that `echo` puts behind it. Null when it is no text, or too long. */
export async function readPasswordFrom(input: Readable): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of input) {
    const part = typeof chunk === 'string' ? new TextEncoder().encode(chunk) : (chunk as Uint8Array);
    bytes += part.byteLength;
    if (bytes > MAX_BYTES) return null;
    chunks.push(part);
  }
  const text = decode(Buffer.concat(chunks));
  return text === null ? null : text.replace(/\r?\n$/, '');
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
