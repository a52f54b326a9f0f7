import { lstat, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { StartProblem } from '../../config/start-problem.ts';

/** Removes the socket that a program left behind which is gone. @throws StartProblem where another program answers there, or it is no socket. */
export async function removeStaleSocket(file: string): Promise<void> {
  const stats = await lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (stats === null) return;
  if (!stats.isSocket()) throw new StartProblem([`${file} is there and is no socket; name another one with --socket.`]);
  if (await isAnswered(file)) throw new StartProblem([`Another program answers at ${file}; name another socket with --socket.`]);
  await unlink(file);
}

function isAnswered(file: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path: file });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(false);
      else reject(error);
    });
  });
}
