import { readdir } from 'node:fs/promises';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { createRehearsal, rehearse } from '../../src/app/rehearse.ts';
import { startServer } from '../../src/app/start-server.ts';
import { useOwnTemporaryFolder } from '../harness/own-temporary-folder.ts';

describe('the rehearsal after a start', () => {
  // Servers of other tests rehearse at the same time.
  const folder = useOwnTemporaryFolder();

  it('goes the way of many tiles, and leaves nothing', async () => {
    expect(await rehearse(startServer, new AbortController().signal)).toBeGreaterThan(1000);
    expect(await readdir(folder())).toEqual([]);
  });

  it('ends when the server does, and leaves nothing then either', async () => {
    const lines: string[] = [];
    const rehearsal = createRehearsal(startServer, pino({}, { write: (line: string) => void lines.push(line) }));
    const rehearsed = rehearsal.begin();
    await expect.poll(() => readdir(folder())).toHaveLength(1);
    await rehearsal.end();
    expect(await readdir(folder())).toEqual([]);
    await rehearsed;
    await rehearsal.begin();
    expect(lines).toEqual([]);
  });

  it('says so where a tile is not answered', async () => {
    const lockedOut: typeof startServer = (options, io) => startServer({ ...options, maxWidth: 10 }, io);
    const lines: string[] = [];
    await createRehearsal(lockedOut, pino({}, { write: (line: string) => void lines.push(line) })).begin();
    expect(lines.join()).toMatch(/the rehearsal failed/);
    expect(lines.join()).toMatch(/default.jpg: HTTP\/1.1 4\d\d/);
    expect(await readdir(folder())).toEqual([]);
  });
});
