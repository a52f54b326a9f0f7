/** What a worker of `vitrine serve` or `vitrine gateway` runs: it learns from the process that started it what it is to do. */

import { mailSettings } from '../app/mail.ts';
import { type RunningProcess, startServer } from '../app/start-server.ts';
import { answerCalls, callOver, type Line } from '../app/workers/calls.ts';
import { shareWithOthers } from '../app/workers/shared-calls.ts';
import type { PrimaryCalls, WorkerCalls, WorkerProblem } from '../app/workers/start-workers.ts';
import { StartProblem } from '../config/start-problem.ts';
import { fileSentence } from './file-sentence.ts';
import { asStartProblem } from './listen.ts';
import { createLog } from './log.ts';

const line: Line = {
  send: (message, done) => process.send?.(message, undefined, undefined, done),
  on: (event, hear) => process.on(event, hear),
  once: (event, hear) => process.once(event, hear),
};
const primary = callOver<PrimaryCalls>(line);

// Ctrl+C reaches every process of the terminal, a signal to a group each of it; the one that started this one says when.
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});
process.once('SIGTERM', () => void stop());

let serving: RunningProcess | null = null;
const started = Promise.withResolvers<RunningProcess>();
// Before anything is waited for: what is said meanwhile would be heard by nobody.
answerCalls(line, {
  stop,
  lookAtAccess: async () => (await started.promise).lookAtAccess(),
  reload: async (change) => (await started.promise).reload(change),
  metrics: async () => (await started.promise).metrics(),
} satisfies WorkerCalls);
const { number, options, content, firstLink } = await primary('beginWork');
const log = createLog(options).child({ worker: number });
try {
  const wide = shareWithOthers(primary, { mailBase: mailSettings(options)?.base ?? null, firstLink, keepsHouse: number === 1, log });
  const server = await startServer(options, { log, wide, content });
  serving = server;
  started.resolve(server);
  await primary('serving', { url: server.url, firstAdministrator: server.firstAdministrator });
  void server.rehearse();
} catch (error) {
  await primary('failed', problemOf(asStartProblem(error, options)));
  process.exit(1);
}

/** One that has not begun to serve has nothing to end. */
async function stop(): Promise<void> {
  await serving?.close();
  process.exit(0);
}

function problemOf(error: unknown): WorkerProblem {
  if (error instanceof StartProblem) return { sentences: error.sentences, exitCode: error.exitCode };
  return { sentences: [fileSentence(error) ?? (error instanceof Error ? error.message : String(error))], exitCode: 1 };
}
