import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { startServer } from '../../src/app/start-server.ts';
import { prepareLabPeople, publicAccounts } from '../../src/cli/lab-people.ts';
import { loadOptions, realDisk } from '../../src/config/load-options.ts';
import { LAB_CASES, LAB_DOCUMENTS } from '../../src/lab/cases.ts';
import { demoAccessFile } from '../../src/lab/demo-access.ts';
import { makeLab } from '../../src/lab/make-lab.ts';

export interface TestLab {
  readonly base: string;
  close(): Promise<void>;
}

/** The demo's lab on a free port, without the samples: they take longer to draw. */
export async function startTestLab(): Promise<TestLab> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-lab-'));
  const images = join(folder, 'images');
  const access = join(folder, 'access.yaml');
  const manifests = join(folder, 'manifests');
  await mkdir(images);
  await makeLab({ images, manifests }, LAB_CASES);
  await writeFile(access, demoAccessFile(LAB_CASES));
  const loaded = loadOptions({
    command: 'demo',
    flags: { data: folder, images, access, manifests, port: '0' },
    environment: {},
    folder,
    disk: realDisk,
  });
  if (!loaded.ok) throw new Error(loaded.errors.join('\n'));
  const { options } = loaded;
  const people = await prepareLabPeople(options, folder);
  const titles = new Map(LAB_CASES.flatMap(({ items }) => items.map(({ path, label }) => [path, label])));
  const lab = { account: null, titles, cases: LAB_CASES, accounts: publicAccounts(options, people), documents: LAB_DOCUMENTS };
  const server = await startServer(options, { log: pino({ level: 'silent' }), content: 'own', lab });
  return {
    base: server.url,
    async close() {
      await server.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}
