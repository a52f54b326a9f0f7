import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as afterMilliseconds } from 'node:timers/promises';
import { type BuiltImage, buildFileSystem } from './image/build-file-system.ts';
import { drawImages, tryStarted } from './started-program.ts';

/**
 * Builds the file system of the image without a container engine, starts the program in it as a container would (chroot,
 * read-only, not root, no capabilities, process 1), and does what a person would do first. Needs root, debootstrap and a
 * network. Exits 1 when anything fails. `node tools/try-image.ts [FOLDER]`: a folder where Debian is kept for the next time.
 */
const root = join(import.meta.dirname, '..');
const work = mkdtempSync(join(tmpdir(), 'vitrine-image-'));
const MIRROR = 'http://deb.debian.org/debian';
const START_SECONDS = 120;
const STOP_SECONDS = 20;

try {
  const debian = process.argv[2] ?? join(work, 'debian');
  if (!existsSync(join(debian, 'etc/debian_version'))) {
    console.log('image: debootstrap');
    execFileSync('debootstrap', ['--variant=minbase', 'bookworm', debian, MIRROR], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  const image = buildFileSystem(root, work, debian, (line) => console.log(`image: ${line}`));
  console.log(`image: ${megabytes(image.folder) - megabytes(debian)} MB beside Debian`);
  // Without a network of its own it is on this machine's, and for this machine only.
  const port = await freePort();
  await tryImage({ ...image, variables: { ...image.variables, VITRINE_HOST: '127.0.0.1', VITRINE_PORT: String(port) } }, port);
  console.log('image: ok');
} catch (error) {
  console.error(`image: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function tryImage(image: BuiltImage, port: number): Promise<void> {
  const images = join(work, 'images');
  const state = join(work, 'state');
  await drawImages(images);
  mkdirSync(state, { mode: 0o700 });
  const [user = 0, group = 0] = image.user.split(':').map(Number);
  expect('the user of the image is not root', user > 0 && group > 0);
  expect('OpenJPEG is in it', existsSync(join(image.folder, 'usr/bin/opj_decompress')));
  chownSync(state, user, group);
  const mounts = `mount --bind "$0" "$0" && mount --bind ${images} "$0/srv/images" && mount --bind ${state} "$0/var/lib/vitrine" \
&& mount -o remount,bind,ro "$0" && mount -t proc proc "$0/proc" && mount -t tmpfs tmpfs "$0/tmp" && exec "$@"`;
  const server = spawn(
    'unshare',
    ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', mounts, image.folder, ...inside(image, image.command)],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const ended = new Promise<number | null>((resolve) => {
    server.once('exit', resolve);
  });
  try {
    await untilLive(server, port);
    await tryStarted(`http://127.0.0.1:${port}`, expect);
    expect('the health check', isHealthy(image));
    const status = statusOf(server);
    expect('it runs as nobody else', new RegExp(`^Uid:\\s+${user}\\s+${user}\\s+${user}\\s+${user}$`, 'm').test(status));
    expect('it has no capabilities', /^CapEff:\s+0+$/m.test(status) && /^CapBnd:\s+0+$/m.test(status));
    expect('it gets no privileges', /^NoNewPrivs:\s+1$/m.test(status));
    expect('its state is in the volume', existsSync(join(state, 'vitrine.db')));
    process.kill(childOf(server), 'SIGTERM');
    const code = await Promise.race([ended, afterMilliseconds(STOP_SECONDS * 1000, 'no end' as const, { ref: false })]);
    expect('an orderly stop', code === 0);
    expect('the health check of a server that is gone', !isHealthy(image));
  } finally {
    if (server.exitCode === null && server.signalCode === null) server.kill('SIGKILL');
    await ended;
  }
}

function inside(image: BuiltImage, command: readonly string[]): readonly string[] {
  const [user = '', group = ''] = image.user.split(':');
  const account = [`--reuid=${user}`, `--regid=${group}`, '--clear-groups'];
  const nothing = ['--bounding-set=-all', '--inh-caps=-all', '--ambient-caps=-all', '--no-new-privs'];
  const variables = Object.entries(image.variables).map(([name, value]) => `${name}=${value}`);
  return ['chroot', image.folder, 'setpriv', ...account, ...nothing, 'env', '-i', ...variables, ...command];
}

function isHealthy(image: BuiltImage): boolean {
  const [program = '', ...words] = inside(image, image.healthCheck);
  return spawnSync(program, words, { stdio: 'inherit' }).status === 0;
}

async function untilLive(server: ChildProcess, port: number): Promise<void> {
  for (const end = Date.now() + START_SECONDS * 1000; Date.now() < end; await afterMilliseconds(200)) {
    if (server.exitCode !== null) throw new Error(`the program ended with ${server.exitCode}`);
    if ((await fetch(`http://127.0.0.1:${port}/livez`).catch(() => null))?.status === 200) return;
  }
  throw new Error(`no answer after ${START_SECONDS} s`);
}

/** What unshare has started, which is process 1 in there. */
function childOf({ pid }: ChildProcess): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
}

function statusOf(server: ChildProcess): string {
  return readFileSync(`/proc/${childOf(server)}/status`, 'utf8');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function megabytes(folder: string): number {
  return Number.parseInt(execFileSync('du', ['-sm', '--apparent-size', folder], { encoding: 'utf8' }), 10);
}

function expect(what: string, held: boolean): void {
  if (!held) throw new Error(`${what}: failed`);
  console.log(`image: ${what}: holds`);
}
