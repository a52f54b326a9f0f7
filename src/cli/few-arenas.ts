import { realEnvironment } from '../config/environment.ts';

const VARIABLE = 'MALLOC_ARENA_MAX';
/** One would make every thread wait for every other; with two, nothing got slower that could be measured. */
const ARENAS = '2';

/**
 * The allocator of Linux (glibc) gives threads memory of their own, and keeps nearly all of what each was ever given:
 * decoders and encoders, which want much for a moment in many threads, left 1.3 GB that nothing used, against 0.45 GB
 * with few such arenas. Their number is read once, when a program is loaded, so this one loads itself again, as the
 * same process with the same number. Whoever sets the variable has decided already.
 */
export function useFewArenas(): void {
  const environment = realEnvironment();
  // A parent that talks to us would lose its channel.
  const isTiedToParent = process.send !== undefined;
  if (process.platform !== 'linux' || isTiedToParent || environment[VARIABLE] !== undefined || process.execve === undefined) return;
  process.execve(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)], {
    ...definedIn(environment),
    [VARIABLE]: ARENAS,
  });
}

function definedIn(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
