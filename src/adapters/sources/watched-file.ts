import { type FSWatcher, statSync, watch } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { stampOfStats } from '../../config/files-beside.ts';
import { StartProblem } from '../../config/start-problem.ts';

export interface WatchLog {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export interface WatchTiming {
  /** Network file systems tell of no change, so the file is looked at as well. */
  readonly pollMilliseconds: number;
  /** Editors write in several steps; the file is read when it has been quiet for so long. */
  readonly settleMilliseconds: number;
}

export const WATCH_TIMING: WatchTiming = { pollMilliseconds: 2000, settleMilliseconds: 50 };

/** What became of the text of a file. */
export type JudgedText<T> =
  | {
      readonly ok: true;
      readonly value: T;
      /** Files that it names, with the stamps that they were read at: a change of one is a change of it. */
      readonly filesNamed: ReadonlyMap<string, string>;
      readonly warnings: readonly string[];
      /** What the log says of a version that was taken over. */
      readonly summary: string;
    }
  | { readonly ok: false; readonly errors: readonly string[]; readonly filesNamed?: ReadonlyMap<string, string> };

export interface WatchedFile<T> {
  readonly file: string;
  /** How sentences call it: `access file`. */
  readonly kind: string;
  judge(text: string): JudgedText<T>;
  onChange(value: T): void;
  readonly log: WatchLog;
  readonly timing: WatchTiming;
}

export interface FileInForce<T> {
  current(): T;
  /** Looks at the file now. Resolves once what is there is in force, or refused. */
  look(): Promise<void>;
  /** Judges the file again, though it is the same: something that it depends on has changed. */
  judgeAgain(): void;
  close(): void;
}

/**
 * Reads a file, and takes over each later version that is valid. A broken or deleted file leaves the last one in force;
 * a broken file at the start throws a `StartProblem` with a sentence for each mistake.
 */
export async function watchFile<T>(watched: WatchedFile<T>): Promise<FileInForce<T>> {
  const { stamp, text, problem } = await readVersion(watched.file);
  if (text === null) throw new StartProblem([`The ${watched.kind} ${watched.file} cannot be used: ${problem}.`]);
  const judged = watched.judge(text);
  if (!judged.ok) throw new StartProblem([`The ${watched.kind} ${watched.file} has mistakes.`, ...judged.errors]);
  for (const warning of judged.warnings) watched.log.warn(warning);
  const watcher = new Watcher(watched, stamp, judged);
  watcher.start();
  return {
    current: () => watcher.current(),
    look: () => watcher.look(),
    judgeAgain: () => watcher.judgeAgain(),
    close: () => watcher.close(),
  };
}

/** What was found on the disk: a stamp that changes with the file, and its text; null where there is none. */
interface FileVersion {
  readonly stamp: string;
  readonly text: string | null;
  readonly problem: string | null;
}

async function readVersion(file: string): Promise<FileVersion> {
  const stamp = await stampOf(file);
  try {
    return { stamp, text: await readFile(file, 'utf8'), problem: null };
  } catch (error) {
    return { stamp, text: null, problem: explainReadError(error) };
  }
}

async function stampOf(file: string): Promise<string> {
  try {
    return stampOfStats(await stat(file, { bigint: true }));
  } catch (error) {
    return explainReadError(error);
  }
}

/** The stamp of a file that is about to be read, for `filesNamed`. */
export function stampNow(file: string): string {
  try {
    return stampOfStats(statSync(file, { bigint: true }));
  } catch (error) {
    return explainReadError(error);
  }
}

function explainReadError(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT') return 'it does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'this process may not read it';
  if (code === 'EISDIR') return 'it is a folder';
  return `reading it failed (${String(code)})`;
}

class Watcher<T> {
  readonly #watched: WatchedFile<T>;
  #value: T;
  #stamp: string;
  /** Of the files that the version in force names. */
  #stampsNamed: ReadonlyMap<string, string>;
  #folderWatch: FSWatcher | null = null;
  #poll: NodeJS.Timeout | null = null;
  #settle: NodeJS.Timeout | null = null;
  #looking: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(watched: WatchedFile<T>, stamp: string, first: Extract<JudgedText<T>, { ok: true }>) {
    this.#watched = watched;
    this.#stamp = stamp;
    this.#value = first.value;
    this.#stampsNamed = first.filesNamed;
  }

  start(): void {
    const { file, log, timing } = this.#watched;
    this.#poll = setInterval(() => void this.look(), timing.pollMilliseconds).unref();
    try {
      // The folder, not the file: editors write a new file and rename it, and mounted configurations swap a link.
      this.#folderWatch = watch(dirname(resolve(file)), { persistent: false }, () => this.#lookSoon());
      this.#folderWatch.on('error', () => this.#folderWatch?.close());
    } catch {
      log.info(`Changes of ${basename(file)} are looked for every ${timing.pollMilliseconds / 1000} s: the system does not tell of them.`);
    }
  }

  current(): T {
    return this.#value;
  }

  judgeAgain(): void {
    this.#stamp = 'to be judged again';
    void this.look();
  }

  close(): void {
    this.#closed = true;
    this.#folderWatch?.close();
    if (this.#poll !== null) clearInterval(this.#poll);
    if (this.#settle !== null) clearTimeout(this.#settle);
  }

  #lookSoon(): void {
    if (this.#settle !== null) clearTimeout(this.#settle);
    this.#settle = setTimeout(() => void this.look(), this.#watched.timing.settleMilliseconds).unref();
  }

  /** One after the other. */
  look(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#takeOver()).catch((error: unknown) => this.#watched.log.error(String(error)));
    return this.#looking;
  }

  async #takeOver(): Promise<void> {
    const { file } = this.#watched;
    const named = await this.#lookAtNamed();
    if (this.#closed || ((await stampOf(file)) === this.#stamp && named === null)) return;
    const version = await readVersion(file);
    if (this.#closed) return;
    this.#stamp = version.stamp;
    this.#stampsNamed = named ?? this.#stampsNamed;
    this.#judge(version);
  }

  /** The stamps of now; null where nothing has changed. */
  async #lookAtNamed(): Promise<ReadonlyMap<string, string> | null> {
    const stamps = new Map<string, string>();
    for (const file of this.#stampsNamed.keys()) stamps.set(file, await stampOf(file));
    return [...stamps].every(([file, stamp]) => this.#stampsNamed.get(file) === stamp) ? null : stamps;
  }

  #judge({ text, problem }: FileVersion): void {
    const { file, log, judge } = this.#watched;
    const judged = text === null ? null : judge(text);
    if (judged?.ok) {
      this.#put(judged);
      return;
    }
    for (const error of judged?.errors ?? []) log.error(error);
    if (judged?.filesNamed !== undefined) this.#stampsNamed = new Map([...this.#stampsNamed, ...judged.filesNamed]);
    log.error(`${file}: ${problem ?? 'it has mistakes'}; the last valid version stays in force.`);
  }

  #put({ value, filesNamed, warnings, summary }: Extract<JudgedText<T>, { ok: true }>): void {
    const { file, log, onChange } = this.#watched;
    for (const warning of warnings) log.warn(warning);
    this.#value = value;
    this.#stampsNamed = filesNamed;
    log.info(`${file} was taken over: ${summary}.`);
    onChange(value);
  }
}
