import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRealPart, IIPIMAGE } from '../setup/real-parts.ts';
import { freePort } from './process.ts';
import { startTestProgram, type TestProgram, untilReady } from './program.ts';

export interface Iipimage {
  readonly program: TestProgram;
  /** Where it takes FastCGI. */
  readonly fastcgi: string;
  /** What it wrote down. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

/** IIPImage over a folder of images; `/iiif/{identifier}/…` are its addresses. */
export async function startIipimage(images: string, environment: Readonly<Record<string, string>> = {}): Promise<Iipimage> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-iip-'));
  const port = await freePort();
  const logFile = join(folder, 'iipsrv.log');
  const program = startTestProgram(findRealPart(IIPIMAGE) ?? 'iipsrv.fcgi', ['--bind', `127.0.0.1:${port}`, '--backlog', '128'], {
    environment: {
      FILESYSTEM_PREFIX: `${images}/`,
      URI_MAP: 'iiif=>IIIF',
      MAX_IMAGE_CACHE_SIZE: '8',
      VERBOSITY: '3',
      LOGFILE: logFile,
      ...environment,
    },
  });
  await untilReady(program, () => listens(port));
  return {
    program,
    fastcgi: `127.0.0.1:${port}`,
    log: () => readFile(logFile, 'utf8').catch(() => ''),
    async stop() {
      await program.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
