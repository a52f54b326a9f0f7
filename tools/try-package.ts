import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as afterMilliseconds } from 'node:timers/promises';
import { drawImages, tryStarted } from './started-program.ts';

/** Packs the package, installs it where nothing else is, and does what a person would do first. Exits 1 when anything fails. */
const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'vitrine-package-'));
/** With the samples to draw, on a small machine that does other things too. */
const START_SECONDS = 240;

/** npm tells its children where they run; a fresh installation must not hear of this one. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('npm_') && !name.startsWith('VITRINE_')),
);

try {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const archive = pack();
  install(archive);
  expect('npx vitrine --version', vitrine('--version').trim() === version);
  expect('npx vitrine --help', vitrine('--help').includes('Examples:'));
  expect('npx vitrine serve --help', vitrine('serve', '--help').includes('--images'));
  await drawImages(join(folder, 'images'));
  await tryServer();
  await tryDemo();
  console.log('package: ok');
} catch (error) {
  console.error(`package: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function pack(): string {
  const out = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [name] = /[\w.-]+\.tgz/.exec(out) ?? [];
  if (name === undefined) throw new Error(`npm pack named no archive: ${out}`);
  console.log(`package: ${name}`);
  return join(folder, name);
}

/** Node 24 comes with it, since the machine may have an older one; its installer is the only one that may run. */
function install(archive: string): void {
  const description = { name: 'somebody', version: '1.0.0', private: true, allowScripts: { node: true } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(description));
  const words = ['install', '--no-fund', '--no-audit', '--loglevel=error', archive, 'node@24'];
  execFileSync('npm', words, { cwd: folder, env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
}

function vitrine(...words: string[]): string {
  return execFileSync('npx', ['--no-install', 'vitrine', ...words], {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function tryServer(): Promise<void> {
  await whileRunning(['serve', '--images', 'images', '--data', 'state'], (url) => tryStarted(url, expect));
}

/** Samples are drawn by worker threads, which are the easiest to lose in a package. */
async function tryDemo(): Promise<void> {
  await whileRunning(['demo', '--data', 'lab'], async (url) => {
    const thumbnail = await fetch(`${url}/iiif/3/open%2Ftiles%2Fazulejo.jpg/full/!200,200/0/default.jpg`);
    expect('an open sample', thumbnail.status === 200);
    const locked = await fetch(`${url}/iiif/3/members%2Fledger.jpg/full/!200,200/0/default.jpg`);
    expect('a locked sample', locked.status === 401);
  });
}

async function whileRunning(words: readonly string[], work: (url: string) => Promise<void>): Promise<void> {
  // A group of its own: npx does not always hand signals on.
  const server = spawn('npx', ['--no-install', 'vitrine', ...words, '--port', '0'], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  try {
    await work(await addressOf(server));
  } finally {
    await stop(server);
  }
}

function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let out = '';
    server.stdout?.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      const [url] = /https?:\/\/\S+/.exec(out) ?? [];
      if (url !== undefined) resolve(url);
    });
    server.on('exit', (code) => reject(new Error(`the server ended with ${code}: ${out}`)));
    setTimeout(() => reject(new Error(`no address after ${START_SECONDS} s: ${out}`)), START_SECONDS * 1000).unref();
  });
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.pid === undefined) return;
  const ended = new Promise((resolve) => {
    server.on('exit', resolve);
  });
  process.kill(-server.pid, 'SIGTERM');
  await ended;
  await untilGroupEnds(server.pid);
}

/** npx ends at once, and what it started ends in good order. */
async function untilGroupEnds(group: number): Promise<void> {
  for (let tries = 0; tries < 100 && hasProcesses(group); tries++) await afterMilliseconds(200);
}

function hasProcesses(group: number): boolean {
  try {
    return process.kill(-group, 0);
  } catch {
    return false;
  }
}

function expect(what: string, held: boolean): void {
  if (!held) throw new Error(`${what} failed`);
  console.log(`package: ${what} works`);
}
