import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Program, startProgram } from '../programs.ts';
import type { Stage } from './contestant.ts';

const PROGRAM = '/usr/lib/iipimage-server/iipsrv.fcgi';
const POLLS = 250;

export interface Iipimage {
  readonly program: Program;
  /** What nginx needs in a location, to hand a request over. */
  readonly location: string;
}

/** IIPImage behind a socket, with as much memory for tiles as Vitrine has for derivatives, and the quality of Vitrine. */
export async function startIipimage({ images, work, cores }: Stage): Promise<Iipimage> {
  const socket = join(work, 'iipsrv.sock');
  const program = startProgram({
    command: PROGRAM,
    args: ['--bind', socket, '--backlog', '2048'],
    cores,
    environment: {
      FILESYSTEM_PREFIX: `${images}/`,
      URI_MAP: 'iiif=>IIIF',
      MAX_IMAGE_CACHE_SIZE: '128',
      MAX_CVT: '12000',
      JPEG_QUALITY: '85',
      OMP_NUM_THREADS: '1',
      VERBOSITY: '0',
      LOGFILE: join(work, 'iipsrv.log'),
    },
  });
  await untilThere(socket, program);
  return {
    program,
    location: `
      fastcgi_pass unix:${socket};
      fastcgi_read_timeout 300s;
      fastcgi_param PATH_INFO $fastcgi_script_name;
      fastcgi_param REQUEST_METHOD $request_method;
      fastcgi_param QUERY_STRING $query_string;
      fastcgi_param CONTENT_TYPE $content_type;
      fastcgi_param CONTENT_LENGTH $content_length;
      fastcgi_param REQUEST_URI $request_uri;
      fastcgi_param SERVER_PROTOCOL $server_protocol;
      fastcgi_param HTTP_HOST $http_host;
      fastcgi_param HTTPS $https if_not_empty;`,
  };
}

async function untilThere(socket: string, program: Program): Promise<void> {
  for (let poll = 0; poll < POLLS && program.alive(); poll += 1) {
    const there = await access(socket).then(
      () => true,
      () => false,
    );
    if (there) return;
    await setTimeout(20);
  }
  throw new Error(`IIPImage did not start. It wrote:\n${program.output()}`);
}
