import { rm } from 'node:fs/promises';
import pino from 'pino';
import { startServer } from '../../src/app/start-server.ts';
import { loadOptions, realDisk } from '../../src/config/load-options.ts';
import type { Options } from '../../src/config/options.ts';
import { makeTestFolder, startTestVitrine, type TestVitrine } from './vitrine.ts';

export interface TestGateway extends Pick<TestVitrine, 'base' | 'accessFile' | 'data' | 'log' | 'firstAdministrator'> {
  readonly options: Options;
  close(): Promise<void>;
}

/** A whole gateway on a free port, with people and an access file. `upstream`: as in the options file. */
export async function startTestGateway(
  upstream: unknown,
  changes: { options?: Partial<Options>; access?: string | null } = {},
): Promise<TestGateway> {
  const { folder, data, accessFile } = await makeTestFolder(changes);
  const file = `${folder}/vitrine.yaml`;
  const disk = { ...realDisk, read: (name: string) => (name === file ? JSON.stringify({ upstream }) : realDisk.read(name)) };
  const loaded = loadOptions({ command: 'gateway', flags: { data, port: '0', config: file }, environment: {}, folder, disk });
  if (!loaded.ok) throw new Error(loaded.errors.join('\n'));
  const options: Options = { ...loaded.options, access: changes.access === null ? null : accessFile, ...changes.options };
  const log: Record<string, unknown>[] = [];
  const server = await startServer(options, {
    content: 'upstream',
    log: pino({ level: 'debug' }, { write: (line: string) => void log.push(JSON.parse(line)) }),
  });
  return {
    base: server.url,
    firstAdministrator: server.firstAdministrator,
    accessFile,
    data,
    options,
    log,
    async close() {
      await server.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

/** The image server behind: our own, open to everybody. */
export function startTestUpstream(options: Partial<Options> = {}): Promise<TestVitrine> {
  return startTestVitrine({ access: null, options });
}
