import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { contextFiles } from './context.ts';
import { type Instruction, readStages, type Stage, variablesOf, wordsOf } from './read-dockerfile.ts';

export interface BuiltImage {
  /** Its file system. */
  readonly folder: string;
  readonly variables: Readonly<Record<string, string>>;
  /** `10001:10001` */
  readonly user: string;
  /** Entry point and command. */
  readonly command: readonly string[];
  readonly healthCheck: readonly string[];
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Does what the Dockerfile says, in folders below `work`, with `debian` (a folder that debootstrap made) as what its images begin with. Needs root. */
export function buildFileSystem(root: string, work: string, debian: string, say: (line: string) => void): BuiltImage {
  const stages = readStages(readFileSync(join(root, 'Dockerfile'), 'utf8'));
  const built = new Map<string, string>();
  for (const [at, stage] of stages.entries()) {
    const folder = join(work, `stage-${at}`);
    say(`FROM ${stage.base}`);
    beginWith(stage.base, folder, debian);
    runStage(stage, { root, folder, built, say });
    built.set(stage.name ?? String(at), folder);
  }
  const last = stages.at(-1);
  if (last === undefined) throw new Error('The Dockerfile has no stage.');
  const one = (name: string) => last.instructions.findLast((each) => each.name === name);
  const words = (name: string) => wordsOf(one(name) ?? { name, value: '[]' });
  const [, healthCheck = '[]'] = /\bCMD\s+(.*)$/.exec(one('HEALTHCHECK')?.value ?? '') ?? [];
  return {
    folder: join(work, `stage-${stages.length - 1}`),
    variables: { PATH, ...variablesOf(last.instructions) },
    user: one('USER')?.value ?? '0:0',
    command: [...words('ENTRYPOINT'), ...words('CMD')],
    healthCheck: wordsOf({ name: 'CMD', value: healthCheck }),
  };
}

/** The images of Node are Debian with Node and npm below /usr/local. */
function beginWith(image: string, folder: string, debian: string): void {
  if (!/^(debian|node:24)[:-]bookworm-slim$/.test(image)) throw new Error(`There is nothing here to begin ${image} with.`);
  execFileSync('cp', ['-a', debian, folder]);
  if (!image.startsWith('node:')) return;
  cpSync(process.execPath, join(folder, 'usr/local/bin/node'));
  const npm = dirname(dirname(realpathSync(commandOf('npm'))));
  mkdirSync(join(folder, 'usr/local/lib/node_modules'), { recursive: true });
  cpSync(npm, join(folder, 'usr/local/lib/node_modules/npm'), { recursive: true });
  for (const name of ['npm', 'npx']) symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(folder, 'usr/local/bin', name));
}

function commandOf(name: string): string {
  return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
}

interface Run {
  readonly root: string;
  readonly folder: string;
  readonly built: ReadonlyMap<string, string>;
  say(line: string): void;
}

function runStage({ instructions }: Stage, run: Run): void {
  let workFolder = '/';
  for (const [at, instruction] of instructions.entries()) {
    const { name, value } = instruction;
    if (name === 'RUN' || name === 'COPY') run.say(`${name} ${value}`);
    if (name === 'WORKDIR') {
      workFolder = value;
      mkdirSync(join(run.folder, value), { recursive: true });
    } else if (name === 'COPY') copyInto(instruction, workFolder, run);
    else if (name === 'RUN') runInside(run.folder, value, workFolder, variablesOf(instructions.slice(0, at)));
  }
}

function copyInto(instruction: Instruction, workFolder: string, { root, folder, built }: Run): void {
  const words = wordsOf(instruction);
  const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
  const places = words.filter((word) => !word.startsWith('--'));
  const to = posix.resolve(workFolder, places.at(-1) ?? '');
  const sources = places.slice(0, -1);
  const isFolder = sources.length > 1 || places.at(-1)?.endsWith('/') === true;
  for (const source of sources) {
    if (from !== undefined) {
      execFileSync('cp', ['-a', '-T', join(built.get(from) ?? '', source), join(folder, to)]);
      continue;
    }
    const files = contextFiles(root).filter((file) => source === '.' || file === source || file.startsWith(`${source}/`));
    if (files.length === 0) throw new Error(`COPY finds no ${source}: .dockerignore leaves it out, or it is not there.`);
    const isOne = files.length === 1 && files[0] === source && !isFolder;
    for (const file of files) {
      const target = isOne ? join(folder, to) : join(folder, to, source === '.' ? file : basename(file));
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(join(root, file), target);
    }
  }
}

/** What this machine needs to reach package registries is lent for as long as it runs. */
function runInside(folder: string, command: string, workFolder: string, variables: Readonly<Record<string, string>>): void {
  const lent = ['/etc/resolv.conf', '/etc/ssl/certs/ca-certificates.crt'].filter((file) => existsSync(file));
  const added = lent.filter((file) => !existsSync(join(folder, file)));
  for (const file of added) cpSync(file, join(folder, file), { recursive: true, dereference: true });
  const own = Object.entries(process.env).filter(([name]) => /^(npm_config_(registry|cafile)|https?_proxy|no_proxy)$/i.test(name));
  const environment = { PATH, HOME: '/root', DEBIAN_FRONTEND: 'noninteractive', ...Object.fromEntries(own), ...variables };
  const words = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const inside = ['chroot', folder, 'env', '-i', ...words, 'sh', '-c', `cd ${workFolder} && ${command}`];
  const withProc = `mount -t proc proc "$0/proc" && exec "$@"`;
  try {
    execFileSync('unshare', ['--mount', '--pid', '--fork', 'sh', '-c', withProc, folder, ...inside], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  } finally {
    for (const file of added) rmSync(join(folder, file), { force: true });
  }
}
