import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../../test/harness/process.ts';
import { startProgram, untilAnswered } from '../programs.ts';
import type { Contestant } from './contestant.ts';

const run = promisify(execFile);
/** Has a package.json and a lock file of its own: nothing of it is part of Vitrine. */
const FOLDER = fileURLToPath(new URL('iiif-processor/', import.meta.url));

export const iiifProcessor: Contestant = {
  name: 'iiif-processor',
  label: 'iiif-processor 7',
  async install() {
    if (await isInstalled()) return null;
    return run('npm', ['ci', '--no-fund', '--no-audit', '--ignore-scripts'], { cwd: FOLDER }).then(
      () => null,
      () => 'npm could not install it',
    );
  },
  async start({ images, cores }) {
    const port = await freePort();
    const program = startProgram({ command: process.execPath, args: ['serve.js', images, String(port)], cores, folder: FOLDER });
    const base = `http://127.0.0.1:${port}`;
    await untilAnswered(`${base}/`, program, 'iiif-processor');
    return { base, prefix: '/iiif/3/', cookie: null, pids: [program.pid], stop: program.stop };
  },
};

/** npm writes the inner file when it has put everything there. */
async function isInstalled(): Promise<boolean> {
  const timeOf = async (file: string) => (await stat(`${FOLDER}${file}`).catch(() => null))?.mtimeMs ?? 0;
  return (await timeOf('node_modules/.package-lock.json')) >= (await timeOf('package-lock.json'));
}
