import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Writable } from 'node:stream';

/** What `--password-stdin` reads at most: far more than a password has. */
const MAX_BYTES = 64 * 1024;

/** Asks once, without echo. Null when the person gave up. */
export async function askOnce(terminal: Readable, prompt: (text: string) => void, question: string): Promise<string | null> {
  const answers = await askAll(terminal, prompt, [question]);
  return answers?.[0] ?? null;
}

/** Asks twice, without echo. Null when the person gave up (Ctrl+C, Ctrl+D). */
export async function askTwice(terminal: Readable, prompt: (text: string) => void): Promise<{ first: string; second: string } | null> {
  const [first, second] = (await askAll(terminal, prompt, ['Password: ', 'Password, once more: '])) ?? [];
  return first === undefined || second === undefined ? null : { first, second };
}

async function askAll(terminal: Readable, prompt: (text: string) => void, questions: readonly string[]): Promise<readonly string[] | null> {
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: terminal, output: silence, terminal: true, historySize: 0 });
  const answers = lines[Symbol.asyncIterator]();
  const given: string[] = [];
  try {
    for (const question of questions) {
      prompt(question);
      const answer = await answers.next();
      prompt('\n');
      if (answer.done === true) return null;
      given.push(answer.value);
    }
    return given;
  } finally {
    lines.close();
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
