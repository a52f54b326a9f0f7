import { type FSWatcher, watch } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { type AccessFileResult, formatAccessFileError, parseAccessFile } from '../../config/access-file.ts';
import { filesBeside, stampOfStats } from '../../config/files-beside.ts';
import { StartProblem } from '../../config/start-problem.ts';
import { type AccessModel, openAccess } from '../../domain/access.ts';

export interface AccessFileLog {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export interface AccessFileWatcher {
  /** The model in force. */
  current(): AccessModel;
  close(): void;
}

interface WatchTiming {
  /** Network file systems tell of no change, so the file is looked at as well. */
  readonly pollMilliseconds: number;
  /** Editors write in several steps; the file is read when it has been quiet for so long. */
  readonly settleMilliseconds: number;
}

const TIMING: WatchTiming = { pollMilliseconds: 2000, settleMilliseconds: 50 };

/**
 * Reads the access file, and takes over each later version that is valid. A broken or deleted file leaves the last one in
 * force; a broken file at the start throws a `StartProblem` with a sentence for each mistake. Null: no file, all is open.
 */
export async function watchAccessFile(
  file: string | null,
  onChange: (model: AccessModel) => void,
  log: AccessFileLog,
  timing: WatchTiming = TIMING,
): Promise<AccessFileWatcher> {
  if (file === null) return { current: openAccess, close: () => {} };
  const started = await readVersion(file);
  const model = startWith(started, file, log);
  const watcher = new Watcher({ file, onChange, log, timing }, started.stamp, model);
  watcher.start();
  return { current: () => watcher.current(), close: () => watcher.close() };
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
    return `none: ${explainReadError(error)}`;
  }
}

/** Files that the access file names: the images of watermarks, by name, with the stamps that they were read at. */
function filesNamed({ policies }: AccessModel): ReadonlyMap<string, string> {
  const marks = policies.flatMap(({ otherwise = [] }) => otherwise.map(({ watermark }) => watermark?.mark));
  return new Map(marks.flatMap((mark) => (mark === undefined || typeof mark === 'string' ? [] : [[mark.file, mark.stamp] as const])));
}

function explainReadError(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT') return 'it does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'this process may not read it';
  if (code === 'EISDIR') return 'it is a folder';
  return `reading it failed (${String(code)})`;
}

function startWith({ text, problem }: FileVersion, file: string, log: AccessFileLog): AccessModel {
  if (text === null) throw new StartProblem([`The access file ${file} cannot be used: ${problem}.`]);
  const result = parseAccessFile(text, file, filesBeside(file));
  if (!result.ok) throw new StartProblem([`The access file ${file} has mistakes.`, ...result.errors.map(formatAccessFileError)]);
  for (const warning of result.warnings) log.warn(formatAccessFileError(warning));
  return result.model;
}

interface WatchedFile {
  readonly file: string;
  readonly onChange: (model: AccessModel) => void;
  readonly log: AccessFileLog;
  readonly timing: WatchTiming;
}

class Watcher {
  readonly #watched: WatchedFile;
  #model: AccessModel;
  #stamp: string;
  /** Of the files that the model in force names. */
  #stampsNamed: ReadonlyMap<string, string>;
  #folderWatch: FSWatcher | null = null;
  #poll: NodeJS.Timeout | null = null;
  #settle: NodeJS.Timeout | null = null;
  #looking: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(watched: WatchedFile, stamp: string, model: AccessModel) {
    this.#watched = watched;
    this.#stamp = stamp;
    this.#model = model;
    this.#stampsNamed = filesNamed(model);
  }

  start(): void {
    const { file, log, timing } = this.#watched;
    this.#poll = setInterval(() => this.#look(), timing.pollMilliseconds).unref();
    try {
      // The folder, not the file: editors write a new file and rename it, and mounted configurations swap a link.
      this.#folderWatch = watch(dirname(resolve(file)), { persistent: false }, () => this.#lookSoon());
      this.#folderWatch.on('error', () => this.#folderWatch?.close());
    } catch {
      log.info(`Changes of ${basename(file)} are looked for every ${timing.pollMilliseconds / 1000} s: the system does not tell of them.`);
    }
  }

  current(): AccessModel {
    return this.#model;
  }

  close(): void {
    this.#closed = true;
    this.#folderWatch?.close();
    if (this.#poll !== null) clearInterval(this.#poll);
    if (this.#settle !== null) clearTimeout(this.#settle);
  }

  #lookSoon(): void {
    if (this.#settle !== null) clearTimeout(this.#settle);
    this.#settle = setTimeout(() => this.#look(), this.#watched.timing.settleMilliseconds).unref();
  }

  #look(): void {
    this.#looking = this.#looking.then(() => this.#takeOver()).catch((error: unknown) => this.#watched.log.error(String(error)));
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
    const { file, log } = this.#watched;
    const result = text === null ? null : parseAccessFile(text, file, filesBeside(file));
    if (result?.ok) {
      this.#put(result);
      return;
    }
    for (const error of result?.errors ?? []) log.error(formatAccessFileError(error));
    log.error(`${file}: ${problem ?? 'it has mistakes'}; the last valid version stays in force.`);
  }

  #put({ model, warnings }: Extract<AccessFileResult, { ok: true }>): void {
    const { file, log, onChange } = this.#watched;
    for (const warning of warnings) log.warn(formatAccessFileError(warning));
    this.#model = model;
    this.#stampsNamed = filesNamed(model);
    log.info(`${file} was taken over: policies ${model.policies.length}, access services ${model.services.size}.`);
    onChange(model);
  }
}
