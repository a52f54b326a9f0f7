import { mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AccessFileWatcher, watchAccessFile } from '../../src/adapters/sources/access-file-watcher.ts';
import { StartProblem } from '../../src/config/start-problem.ts';
import type { AccessModel } from '../../src/domain/access.ts';

/** The folder tells of changes; looking by itself is too rare to matter. */
const TOLD = { pollMilliseconds: 600_000, settleMilliseconds: 20 };
/** The folder tells too late to matter. */
const LOOKING = { pollMilliseconds: 20, settleMilliseconds: 600_000 };

const QUIET = { info: () => {}, warn: () => {}, error: () => {} };

const WAIT = { timeout: 20_000, interval: 10 };

function opening(pattern: string): string {
  return `policies:\n  - { items: '${pattern}', allow: everyone }\n`;
}

let folder: string;
let file: string;
let watcher: AccessFileWatcher | null;
let lines: string[];
let changes: AccessModel[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-access-'));
  file = join(folder, 'access.yaml');
  watcher = null;
  lines = [];
  changes = [];
});

afterEach(async () => {
  watcher?.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
});

async function start(timing = TOLD): Promise<AccessFileWatcher> {
  const log = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  const started = await watchAccessFile(
    file,
    (model) => void changes.push(model),
    { info: log('info'), warn: log('warn'), error: log('error') },
    { timing },
  );
  watcher = started;
  return started;
}

function patternsInForce(): readonly string[] {
  return watcher?.current().policies.flatMap(({ items }) => items) ?? [];
}

describe('watchAccessFile', () => {
  it('opens everything where no file is named', async () => {
    const open = await watchAccessFile(null, () => {}, QUIET);
    expect(open.current().enforced).toBe(false);
    open.close();
  });

  it('stops the start when the file is missing', async () => {
    await expect(start()).rejects.toThrow(StartProblem);
    await expect(start()).rejects.toThrow(/does not exist/);
  });

  it('stops the start when the file is broken, with a sentence for each mistake', async () => {
    await writeFile(file, 'policies:\n  - { items: /x }\n');
    const problem = await start().catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(StartProblem);
    expect(problem instanceof StartProblem && problem.sentences).toEqual([
      `The access file ${file} has mistakes.`,
      expect.stringContaining(`${file}:2:5: Policy 1 has no allow`),
      expect.stringContaining(`${file}:2:14: The pattern /x cannot be used.`),
    ]);
  });

  it('says at the start what is most likely not meant', async () => {
    await writeFile(file, opening('maps'));
    await start();
    expect(lines).toEqual([expect.stringMatching(/^warn .*:2:5: The pattern maps is about one item/)]);
  });

  it.each([
    ['when the folder tells', TOLD],
    ['when it tells of nothing', LOOKING],
  ])('takes over a changed file, %s', async (_, timing) => {
    await writeFile(file, opening('maps/**'));
    await start(timing);
    await writeFile(file, opening('charts/**'));
    await vi.waitFor(() => expect(patternsInForce()).toEqual(['charts/**']), WAIT);
    expect(changes.at(-1)?.policies[0]?.items).toEqual(['charts/**']);
    expect(lines).toContainEqual(expect.stringMatching(/^info .*taken over/));
  });

  it('takes over a file that an editor puts in place by renaming, again and again', async () => {
    await writeFile(file, opening('a/**'));
    await start();
    for (const pattern of ['b/**', 'c/**', 'd/**']) {
      await writeFile(join(folder, '.access.yaml.new'), opening(pattern));
      await rename(join(folder, '.access.yaml.new'), file);
      await vi.waitFor(() => expect(patternsInForce()).toEqual([pattern]), WAIT);
    }
  });

  it('takes over what a swapped link leads to, as mounted configurations do it', async () => {
    await writeFile(join(folder, 'one.yaml'), opening('one/**'));
    await writeFile(join(folder, 'two.yaml'), opening('two/**'));
    await symlink('one.yaml', file);
    await start();
    await symlink('two.yaml', join(folder, 'next'));
    await rename(join(folder, 'next'), file);
    await vi.waitFor(() => expect(patternsInForce()).toEqual(['two/**']), WAIT);
  });

  it('leaves the last version in force when the new one is broken, and names file, line and mistake', async () => {
    await writeFile(file, opening('maps/**'));
    const { current } = await start();
    const before = current();
    await writeFile(file, 'policies:\n  - { items: "**", alow: everyone }\n');
    await vi.waitFor(() => expect(lines).toContainEqual(`error ${file}:2:20: Unknown key "alow". Did you mean "allow"?`), WAIT);
    expect(lines.at(-1)).toMatch(/the last valid version stays in force/);
    expect(watcher?.current()).toBe(before);
    expect(changes).toEqual([]);
  });

  it('takes over the repaired file after a broken one', async () => {
    await writeFile(file, opening('maps/**'));
    await start();
    await writeFile(file, 'policies: [');
    await vi.waitFor(() => expect(lines.at(-1)).toMatch(/stays in force/), WAIT);
    await writeFile(file, opening('charts/**'));
    await vi.waitFor(() => expect(patternsInForce()).toEqual(['charts/**']), WAIT);
  });

  it('opens nothing when the file is deleted, says so once, and takes over the next one', async () => {
    await writeFile(file, opening('maps/**'));
    await start(LOOKING);
    await rm(file);
    await vi.waitFor(() => expect(lines).toHaveLength(1), WAIT);
    expect(lines[0]).toBe(`error ${file}: it does not exist; the last valid version stays in force.`);
    expect(watcher?.current()).toMatchObject({ enforced: true, policies: [{ items: ['maps/**'] }] });
    await writeFile(file, opening('charts/**'));
    await vi.waitFor(() => expect(patternsInForce()).toEqual(['charts/**']), WAIT);
    expect(lines.filter((line) => line.includes('does not exist'))).toHaveLength(1);
  });

  it('does not take over anything once it is closed', async () => {
    await writeFile(file, opening('maps/**'));
    const { close } = await start(LOOKING);
    close();
    await writeFile(file, opening('charts/**'));
    const second = await watchAccessFile(file, () => {}, QUIET, { timing: LOOKING });
    await writeFile(file, opening('plans/**'));
    await vi.waitFor(() => expect(second.current().policies[0]?.items).toEqual(['plans/**']), WAIT);
    second.close();
    expect(patternsInForce()).toEqual(['maps/**']);
  });
});
