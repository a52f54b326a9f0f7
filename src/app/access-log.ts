import { closeSync, openSync } from 'node:fs';
import { LRUCache } from 'lru-cache';
import pino, { type Logger } from 'pino';
import { systemClock } from '../adapters/system/clock.ts';
import type { Options } from '../config/options.ts';
import type { Signer } from '../domain/ports.ts';
import { userNameKey } from '../domain/user-name.ts';
import { pseudonyms } from '../flows/keep-audit.ts';
import { type AccessLog, createAccessLog } from '../http/server/access-log.ts';

export interface RunningAccessLog extends AccessLog {
  /** Goes on in a new file, where somebody has moved the old one away. */
  reopen(): void;
  close(): void;
}

/** Written together: a write for each line would cost more than the answer. */
const BUFFER_BYTES = 8 * 1024;
const LONGEST_WAIT_MILLISECONDS = 1_000;
const MOST_PSEUDONYMS = 10_000;

/** Null where none is wanted. To a file, or in the log among the others. @throws where the file cannot be opened. */
export function openAccessLog(
  { accessLog, accessLogFile }: Pick<Options, 'accessLog' | 'accessLogFile'>,
  { log, signer }: { readonly log: Logger; readonly signer: Signer },
): RunningAccessLog | null {
  if (accessLog === 'off') return null;
  const pseudonym = remembered(pseudonyms(signer));
  if (accessLogFile === null) {
    const write = (line: object): void => log.info(line, 'request');
    return { ...createAccessLog({ namedAs: accessLog, pseudonym, write }), reopen: () => {}, close: () => {} };
  }
  // What cannot be opened is for whoever starts the server.
  closeSync(openSync(accessLogFile, 'a', 0o600));
  const file = pino.destination({
    dest: accessLogFile,
    append: true,
    mkdir: false,
    sync: false,
    mode: 0o600,
    minLength: BUFFER_BYTES,
    periodicFlush: LONGEST_WAIT_MILLISECONDS,
  });
  // A full disk, say: the server goes on, and says so once.
  let hasFailed = false;
  file.on('error', (error: unknown) => {
    if (!hasFailed) log.error({ err: error }, 'the access log cannot be written');
    hasFailed = true;
  });
  let isOpen = false;
  file.on('ready', () => {
    isOpen = true;
  });
  const write = (line: object): void => void file.write(`${JSON.stringify({ time: systemClock.now().toISOString(), ...line })}\n`);
  return {
    ...createAccessLog({ namedAs: accessLog, pseudonym, write }),
    reopen() {
      hasFailed = false;
      if (isOpen) file.flushSync();
      file.reopen();
    },
    close() {
      if (!isOpen) return;
      file.flushSync();
      file.end();
    },
  };
}

/** Readers ask hundreds of times. */
function remembered(make: ReturnType<typeof pseudonyms>): (kind: 'person' | 'address', text: string) => string {
  const known = new LRUCache<string, string>({ max: MOST_PSEUDONYMS });
  return (kind, text) => {
    const key = `${kind} ${text}`;
    const last = known.get(key) ?? make(kind, kind === 'person' ? userNameKey(text) : text);
    known.set(key, last);
    return last;
  };
}
