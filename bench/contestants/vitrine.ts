import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../test/harness/process.ts';
import { TestVisitor } from '../../test/harness/visitor.ts';
import { untilAtRest } from '../processes.ts';
import { startProgram, untilAnswered } from '../programs.ts';
import type { Contestant, Stage } from './contestant.ts';
import { addCrowd } from './crowd.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const READER = { name: 'anna', password: 'a long word for the bench' };

export interface VitrineSetting {
  readonly name: string;
  readonly label: string;
  /** `none`: without an access file, everything is open. */
  readonly lock: 'access-file' | 'none';
  /** More arguments of `vitrine serve`. */
  readonly args?: readonly string[];
  /** Ends it after its first answer, and starts it again with all that it has kept. */
  readonly startTwice?: boolean;
  /** How many policies come before those that count here. */
  readonly policies?: number;
  /** How many others have signed in and are live. */
  readonly sessions?: number;
}

/** Vitrine, as it is installed. The visitor signs in over HTTP. */
export function vitrine(setting: VitrineSetting): Contestant {
  const { name, label, lock, args = [], startTwice = false, policies = 0, sessions = 0 } = setting;
  return {
    name,
    label,
    install: async () => null,
    async start(stage) {
      const { images, work, cores, built } = stage;
      const port = await freePort();
      const data = join(work, 'data');
      const access = lock === 'none' ? [] : ['--access', await writeAccessFile(stage, policies)];
      if (lock !== 'none') await addReader(data);
      const serve = [
        built ? 'dist/main.js' : 'src/main.ts',
        'serve',
        '--images',
        images,
        '--data',
        data,
        '--port',
        String(port),
        ...access,
        ...args,
      ];
      const base = `http://127.0.0.1:${port}`;
      const startSeconds: number[] = [];
      const startOnce = async () => {
        const started = performance.now();
        const program = startProgram({ command: process.execPath, args: serve, cores, folder: ROOT });
        await untilAnswered(`${base}/livez`, program, label);
        startSeconds.push((performance.now() - started) / 1000);
        return program;
      };
      let program = await startOnce();
      if (startTwice) {
        await untilAtRest([program.pid]);
        await program.stop();
        program = await startOnce();
      }
      const cookie = lock === 'none' ? null : await signIn(base);
      return {
        base,
        prefix: '/iiif/3/',
        cookie,
        data,
        startSeconds,
        crowd: cookie === null ? [] : addCrowd(data, cookie, sessions),
        pids: [program.pid],
        stop: program.stop,
      };
    },
  };
}

async function writeAccessFile({ work }: Stage, policies: number): Promise<string> {
  const file = join(work, 'access.yaml');
  await writeFile(
    file,
    `accessServices:
  members:
    pattern: login
    label: { en: [Sign in] }
policies:
${Array.from({ length: policies }, (_, i) => `  - items: shelf-${i}/**\n    allow:\n      - { service: members, roles: [keeper] }\n`).join('')}  - items: open/**
    allow: everyone
  - items: locked/**
    allow:
      - { service: members, roles: [reader] }
`,
  );
  return file;
}

function addReader(data: string): Promise<void> {
  const args = ['run', '--silent', 'vitrine', '--', 'user', 'add', READER.name, '--role', 'reader', '--password-stdin', '--data', data];
  const child = spawn('npm', args, { cwd: ROOT, stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.end(`${READER.password}\n`);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error('vitrine user add failed'))));
  });
}

/** Signs in as a reader does, in the window that a viewer opens. Returns the Cookie header of later requests. */
async function signIn(base: string): Promise<string> {
  const visitor = new TestVisitor({ base });
  const answer = await visitor.submit(`/auth/access/members?origin=${encodeURIComponent('https://viewer.example')}`, {
    user: READER.name,
    password: READER.password,
  });
  await answer.arrayBuffer();
  if (visitor.cookies.size === 0) throw new Error(`Signing in answered ${answer.status} and gave no cookie.`);
  return [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
}
