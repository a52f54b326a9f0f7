import { spawn } from 'node:child_process';

/** Records have to be seen by the whole world before the command ends, which may take minutes. */
const LIMIT_MINUTES = 15;
const MOST_WORDS = 400;

/** Runs the program that keeps TXT records: `set` or `remove`, the name of the record, its value. */
export function runDnsCommand(command: string, verb: 'set' | 'remove', record: string, value: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [verb, record, value], { stdio: ['ignore', 'ignore', 'pipe'], timeout: LIMIT_MINUTES * 60_000 });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-MOST_WORDS);
    });
    child.once('error', (error: NodeJS.ErrnoException) => reject(new Error(`acmeDnsCommand could not be run (${error.code}).`)));
    child.once('close', (code, signal) => {
      if (code === 0) return resolve();
      reject(new Error(`acmeDnsCommand ${verb} ended with ${signal ?? code}${said.trim() === '' ? '.' : `: ${said.trim()}`}`));
    });
  });
}
