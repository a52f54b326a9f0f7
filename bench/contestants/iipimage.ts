import { freePort } from '../../test/harness/process.ts';
import type { Contestant } from './contestant.ts';
import { installFromDebian } from './debian.ts';
import { startIipimage } from './start-iipimage.ts';
import { startNginx } from './start-nginx.ts';

/** As Debian has it, open to all. */
export const iipimage: Contestant = {
  name: 'iipimage',
  label: 'IIPImage 1.1 (Debian)',
  install: () => installFromDebian(['nginx', 'iipimage-server']),
  async start(stage) {
    const port = await freePort();
    const { program, location } = await startIipimage(stage);
    const nginx = await startNginx(stage, { port, server: `location /iiif/ {${location}\n    }` });
    return {
      base: `http://127.0.0.1:${port}`,
      prefix: '/iiif/',
      cookie: null,
      pids: [nginx.pid, program.pid],
      async stop() {
        await nginx.stop();
        await program.stop();
      },
    };
  },
};
