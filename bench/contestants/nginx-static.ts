import { freePort } from '../../test/harness/process.ts';
import type { Contestant } from './contestant.ts';
import { installFromDebian } from './debian.ts';
import { startNginx } from './start-nginx.ts';

/** The limit: the bytes that Vitrine answers with, as files. `files` holds them under the paths that are asked for. */
export function nginxStatic(files: string): Contestant {
  return {
    name: 'nginx',
    label: 'nginx, static files',
    install: () => installFromDebian(['nginx']),
    async start(stage) {
      const port = await freePort();
      const nginx = await startNginx(stage, { port, server: `root ${files};` });
      return { base: `http://127.0.0.1:${port}`, prefix: '/', cookie: null, pids: [nginx.pid], stop: nginx.stop };
    },
  };
}
