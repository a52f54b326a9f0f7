import { once } from 'node:events';
import { readdir, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import SqliteDatabase from 'better-sqlite3';
import { freePort, spawnVitrine, startVitrineProcess, type VitrineProcess } from '../harness/process.ts';
import { makeTestFolder } from '../harness/vitrine.ts';
import { childrenOf, descendantsOf, isRunning } from './descendants.ts';
import { beginToUse, makeWorld } from './use.ts';
import { findWrongPictures } from './writers.ts';

/** What is killed: the program while it starts, the program while it is used, or one of its workers while it is used. */
export type Round = 'start' | 'program' | 'worker';

export interface KillReport {
  readonly kills: number;
  /** How often something was acknowledged. */
  readonly acknowledged: number;
  /** A sentence for each thing that is not as it should be: lost, a wrong picture, a wrong answer, a damaged database, a process left behind. */
  readonly faults: readonly string[];
}

export interface KillRequest {
  readonly rounds: Iterable<Round>;
  readonly workers: number;
  readonly random: () => number;
  /** How many acknowledged things are looked after in each round; in the end it is all. */
  readonly mostLooks: number;
  say?(line: string): void;
}

/** Counted, so that a slow machine is not killed before it has done anything. */
const MOST_ACKNOWLEDGED = 40;
const MOST_PICTURES = 10;
const MOST_WAIT_MILLISECONDS = 50;
const MOST_START_MILLISECONDS = 1_200;
const LEFT_BEHIND_SECONDS = 30;
/** Finished images come from the disk. */
const CACHE = ['--derivative-disk-megabytes', '50', '--derivative-memory-megabytes', '0'];

/** Starts the server, lets people use it, kills it, starts it again, and looks for all that it had acknowledged; so often. */
export async function killOften({ rounds, workers, random, mostLooks, say = () => {} }: KillRequest): Promise<KillReport> {
  const place = await makeTestFolder();
  const args = ['--images', place.images, '--data', place.data, '--access', place.accessFile, '--log-level', 'error'];
  const serve = [...args, ...CACHE, '--workers', String(workers)];
  const faults: string[] = [];
  let kills = 0;
  let told = 0;
  let program: VitrineProcess | null = null;
  try {
    const world = await makeWorld(place, args, random, (sentence) => void faults.push(sentence));
    for (const round of rounds) {
      if (round === 'start') {
        await program?.stop();
        program = null;
        await killWhileStarting(serve, random() * MOST_START_MILLISECONDS);
      } else {
        program ??= await startVitrineProcess('serve', serve);
        const use = beginToUse(world, program.base, { round: kills });
        await use.untilDone({ acknowledged: random() * MOST_ACKNOWLEDGED, pictures: random() * MOST_PICTURES });
        await wait(random() * MOST_WAIT_MILLISECONDS);
        if (round === 'worker') await killOneWorker(program.pid, random);
        else {
          use.mayFail();
          faults.push(...(await killProgram(program)));
          program = null;
        }
        await use.end();
      }
      kills += 1;
      await letClaimsGrowOld(place.data);
      program ??= await startVitrineProcess('serve', serve);
      faults.push(...(await world.acknowledged.findLost(program.base, mostLooks)));
      faults.push(...(await findWrongPictures(world, program.base)));
      faults.push(...findDamage(place.data));
      say(`${kills} killed, the last one ${round}: ${world.acknowledged.times} acknowledged, ${faults.length} faults`);
      for (const fault of faults.slice(told)) say(fault);
      told = faults.length;
    }
    if (program !== null) faults.push(...(await world.acknowledged.findLost(program.base)));
    return { kills, acknowledged: world.acknowledged.times, faults };
  } finally {
    await program?.stop();
    await rm(place.folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** Sentences on what still runs long after the program that started it. */
async function killProgram(program: VitrineProcess): Promise<readonly string[]> {
  const others = await descendantsOf(program.pid);
  process.kill(program.pid, 'SIGKILL');
  await program.stop();
  const end = Date.now() + LEFT_BEHIND_SECONDS * 1000;
  while (others.some(isRunning) && Date.now() < end) await wait(20);
  return others.filter(isRunning).map((pid) => `process ${pid} goes on without the program that started it`);
}

async function killOneWorker(program: number, random: () => number): Promise<void> {
  const workers = await childrenOf(program);
  const victim = workers[Math.floor(random() * workers.length)];
  if (victim !== undefined) process.kill(victim, 'SIGKILL');
}

async function killWhileStarting(args: readonly string[], milliseconds: number): Promise<void> {
  const child = spawnVitrine('serve', args, await freePort());
  const ended = once(child, 'exit');
  await wait(milliseconds);
  child.kill('SIGKILL');
  await ended;
}

/** As if the minute had passed after which what a killed process had claimed is free for others. */
async function letClaimsGrowOld(data: string): Promise<void> {
  const longAgo = new Date(Date.now() - 600_000);
  const folder = join(data, 'pyramids');
  for (const name of await readdir(folder).catch(() => [])) {
    if (name.startsWith('.')) await utimes(join(folder, name), longAgo, longAgo).catch(() => {});
  }
}

function findDamage(data: string): readonly string[] {
  const connection = new SqliteDatabase(join(data, 'vitrine.db'), { readonly: true });
  try {
    const checked = connection.pragma('integrity_check', { simple: true });
    const dangling = connection.pragma('foreign_key_check');
    return [...(checked === 'ok' ? [] : [`the database: ${checked}`]), ...(dangling as unknown[]).map((row) => JSON.stringify(row))];
  } finally {
    connection.close();
  }
}
