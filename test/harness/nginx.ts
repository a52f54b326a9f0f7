import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRealPart, NGINX } from '../setup/real-parts.ts';
import { answers, startTestProgram, type TestProgram, untilReady } from './program.ts';

export interface Nginx {
  readonly program: TestProgram;
  stop(): Promise<void>;
}

/** nginx with what people put into a file of `conf.d`. `url`: where it answers then. */
export async function startNginx(http: string, url: string): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-nginx-'));
  const file = join(folder, 'nginx.conf');
  await writeFile(file, configuration(folder, http));
  const program = startTestProgram(findRealPart(NGINX) ?? 'nginx', ['-p', folder, '-c', file, '-e', 'stderr']);
  const stop = async () => {
    await program.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  await untilReady(program, () => answers(url)).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { program, stop };
}

function configuration(folder: string, http: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `  ${name}_temp_path ${folder}/${name};`);
  return `${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
daemon off;
pid ${folder}/nginx.pid;
error_log stderr warn;
events { worker_connections 256; }
http {
  access_log off;
${temporary.join('\n')}
${http}
}
`;
}
