import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Program, startProgram, untilAnswered } from '../programs.ts';
import type { Stage } from './contestant.ts';

export interface NginxRequest {
  readonly port: number;
  /** What goes into `http`, beside the server. */
  readonly http?: string;
  /** What goes into `server`. */
  readonly server: string;
}

/** One worker with everything that makes it fast: no log, files kept open, connections kept for ever. */
export async function startNginx({ work, cores }: Stage, { port, http = '', server }: NginxRequest): Promise<Program> {
  const folder = join(work, 'nginx');
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'nginx.conf');
  await writeFile(
    file,
    `${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
daemon off;
pid ${folder}/nginx.pid;
error_log stderr error;
events { worker_connections 4096; multi_accept on; }
http {
  access_log off;
  types { image/jpeg jpg; }
  sendfile on;
  tcp_nopush on;
  tcp_nodelay on;
  keepalive_requests 1000000000;
  keepalive_timeout 300s;
  open_file_cache max=100000 inactive=300s;
  open_file_cache_valid 300s;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  ${http}
  server {
    listen 127.0.0.1:${port} backlog=4096;
    ${server}
  }
}
`,
  );
  const program = startProgram({ command: 'nginx', args: ['-p', folder, '-c', file, '-e', 'stderr'], cores });
  await untilAnswered(`http://127.0.0.1:${port}/`, program, 'nginx');
  return program;
}
