import { spawn } from 'node:child_process';

/** Runs a module given as text in a process of its own; how it ended, and what it complained of. */
export function runNode(program: string, words: readonly string[]): Promise<{ code: number | null; error: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  let error = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    error += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, error }));
  });
}
