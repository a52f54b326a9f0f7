/** Keeps derivatives in a folder until it is killed, and says how many were asked to be kept. `node keep-writing.ts FOLDER SEED` */
import { setTimeout as wait } from 'node:timers/promises';
import { bytesOf, keyOf } from './numbered.ts';
import { openDisk } from './open-disk.ts';

const [folder = '', seed = '0'] = process.argv.slice(2);
const derivatives = openDisk(folder, (error) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
for (let n = Number(seed); ; n += 1) {
  derivatives.put(keyOf(n), bytesOf(n), { copied: false, begun: new Date(), milliseconds: 10 });
  if (n % 10 === 0) {
    await derivatives.settled();
    process.stdout.write(`${n}\n`);
    await wait(1);
  }
}
