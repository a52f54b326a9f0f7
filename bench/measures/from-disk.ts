import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { installFromDebian } from '../contestants/debian.ts';
import { CONNECTIONS } from './ask-tiles.ts';
import { askEachOnce } from './first-touch.ts';
import type { Bench, Measure } from './measure.ts';
import { figuresOf, ratio } from './medians.ts';

const run = promisify(execFile);
/** What the system reads on its own while it is looked at. */
const MOST_LEFT = 0.02;

/** As `first-touch`, of files that the system has not read since it was started either. */
export const fromDisk: Measure = {
  name: 'from-disk',
  title: `First touch of what is on the disk only: each tile once, ${CONNECTIONS} connections`,
  async run(bench) {
    const problem = await installFromDebian(['vmtouch']);
    if (problem !== null) throw new Error(problem);
    const rows = await askEachOnce(bench, () => leaveOnDisk(bench));
    return {
      rows,
      wanted: [
        {
          sentence: 'First touch from the disk: rate against nginx static',
          at: 'least',
          wanted: 0.3,
          reached: ratio(figuresOf(rows, 'vitrine')?.requestsPerSecond, figuresOf(rows, 'nginx')?.requestsPerSecond),
        },
      ],
    };
  },
};

/** Has the system forget what it has read of the pictures, and of their tiles as files. @throws where it does not. */
async function leaveOnDisk({ picture, files }: Bench): Promise<void> {
  const places = [picture.file, files];
  await run('sync', ['-f', ...places]);
  await run('vmtouch', ['-q', '-e', ...places]);
  const { stdout } = await run('vmtouch', places);
  const [, left = 'nan', all = 'nan'] = /Resident Pages: (\d+)\/(\d+)/.exec(stdout) ?? [];
  if (!(Number(left) <= Number(all) * MOST_LEFT)) throw new Error(`The system keeps ${left} of ${all} pages of the pictures in memory.`);
}
