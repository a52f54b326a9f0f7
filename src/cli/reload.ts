import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { Reload } from '../app/start-server.ts';
import { OPTION_KEYS, type OptionKey, type Options } from '../config/options.ts';
import { StartProblem } from '../config/start-problem.ts';

interface Reloaded {
  /** With which the server runs. */
  readonly options: Options;
  readonly log: Logger;
  /** The options as they are written now. @throws StartProblem where they have mistakes. */
  reread(): Options;
  /** Has every process read its files anew. */
  reload(change: Reload): Promise<void>;
}

/** Options that count at once. */
const AT_ONCE: ReadonlySet<OptionKey> = new Set(['logLevel']);

/** SIGHUP reads files and options anew. What hangs on a terminal ends with it, as ever. */
export function reloadWhenAsked(): { with(server: Reloaded): void } {
  if ([process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY === true)) return { with: () => {} };
  let running: Reloaded | null = null;
  process.on('SIGHUP', () => {
    // Before the start has ended there is nothing to read anew.
    if (running !== null) void reload(running);
  });
  return {
    with(server) {
      running = server;
    },
  };
}

async function reload({ options, log, reread, reload: reloadFiles }: Reloaded): Promise<void> {
  const next = readAgain(reread, log) ?? options;
  const changed = OPTION_KEYS.filter((key) => !AT_ONCE.has(key) && !isDeepStrictEqual(next[key], options[key]));
  if (changed.length > 0) log.warn({ options: changed }, 'options that have changed count from the next start on');
  log.level = next.logLevel;
  await reloadFiles({ logLevel: next.logLevel }).catch((error: unknown) => log.error({ err: error }, 'not everything was read anew'));
  log.info('access file, identity file, certificate and logLevel were read anew');
}

function readAgain(reread: () => Options, log: Logger): Options | null {
  try {
    return reread();
  } catch (error) {
    const sentences = error instanceof StartProblem ? error.sentences : [String(error)];
    for (const sentence of sentences) log.error(sentence);
    log.error('the options that are in force stay so');
    return null;
  }
}
