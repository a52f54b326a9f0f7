import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../../src/main.ts');

export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Surroundings {
  readonly folder?: string;
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs one command to its end. */
export async function runVitrine(words: readonly string[], around: Surroundings = {}): Promise<Finished> {
  const child = start(words, around);
  child.process.stdin?.end(around.input ?? '');
  const code = await child.exit;
  return { code, out: child.out(), err: child.err() };
}

export interface Running {
  readonly process: ChildProcess;
  readonly exit: Promise<number | null>;
  out(): string;
  err(): string;
  /** Resolves with the first match of the pattern on standard output; rejects when the program ends without one. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Starts a command that goes on until it is stopped. */
export function start(words: readonly string[], around: Surroundings = {}): Running {
  const child = spawn(process.execPath, [MAIN, ...words], {
    cwd: around.folder,
    env: { ...withoutOptions(process.env), ...around.environment },
    stdio: 'pipe',
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const exit = new Promise<number | null>((resolve) => {
    child.on('close', (code) => resolve(code));
  });
  const says = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(out);
        if (found !== null) resolve(found);
      };
      child.stdout.on('data', look);
      look();
      void exit.then((code) => reject(new Error(`ended with ${code} before it said ${pattern}:\n${out}\n${err}`)));
    });
  return { process: child, exit, out: () => out, err: () => err, says };
}

/** Options of the machine that runs the tests are none of theirs. */
function withoutOptions(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('VITRINE_')));
}
