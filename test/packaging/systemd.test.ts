import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPTIONS } from '../../src/config/options.ts';
import { findRealPart, SYSTEMD } from '../setup/real-parts.ts';

const run = promisify(execFile);
const UNIT = join(import.meta.dirname, '../../packaging/systemd/vitrine.service');
const PROGRAM = findRealPart(SYSTEMD);
/** What systemd's own services of the network have is 4 and more; 10 is no sandbox at all. */
const MOST_EXPOSURE = 1.5;

describe.skipIf(PROGRAM === null)('the systemd unit', () => {
  let root = '';
  beforeAll(async () => {
    // A machine on which it is installed.
    root = await mkdtemp(join(tmpdir(), 'vitrine-systemd-'));
    const units = join(root, 'etc/systemd/system');
    await mkdir(units, { recursive: true });
    await cp('/usr/lib/systemd/system', join(root, 'usr/lib/systemd/system'), { recursive: true, verbatimSymlinks: true });
    await cp(UNIT, join(units, 'vitrine.service'));
    for (const program of ['opt/vitrine/node_modules/.bin/node', 'bin/kill']) {
      await mkdir(join(root, program, '..'), { recursive: true });
      await writeFile(join(root, program), '#!/bin/sh\n', { mode: 0o755 });
    }
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  const analyze = async (...words: readonly string[]) => {
    const { stdout, stderr } = await run(PROGRAM ?? '', words).catch((error: { stdout: string; stderr: string }) => error);
    return { stdout, stderr };
  };

  it('has nothing that systemd minds', async () => {
    const unit = join(root, 'etc/systemd/system/vitrine.service');
    expect((await analyze('verify', `--root=${root}`, 'vitrine.service')).stderr).toBe('');
    const text = await readFile(unit, 'utf8');
    await writeFile(unit, text.replace('ProtectHome=true', 'ProtectHome=perhaps'));
    expect((await analyze('verify', `--root=${root}`, 'vitrine.service')).stderr).toContain('perhaps');
    await writeFile(unit, text);
  });

  it('gives the program a sandbox', async () => {
    const { stdout } = await analyze('security', '--offline=true', '--no-pager', UNIT);
    const [, exposure = 'none'] = /exposure level for vitrine\.service: ([\d.]+)/.exec(stdout) ?? [];
    expect(Number(exposure)).toBeLessThanOrEqual(MOST_EXPOSURE);
  });

  it('waits longer for the end than answers under way may take', async () => {
    const [, seconds = '0'] = /^TimeoutStopSec=(\d+)$/m.exec(await readFile(UNIT, 'utf8')) ?? [];
    expect(Number(seconds)).toBeGreaterThanOrEqual(OPTIONS.stopSeconds.default + 5);
  });
});
