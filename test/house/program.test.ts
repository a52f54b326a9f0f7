import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { flagName, optionsOf } from '../../src/config/options.ts';
import { type Running, runVitrine, start } from './run-vitrine.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-program-'));
  await mkdir(join(folder, 'images'));
  await writeFile(join(folder, 'wrong.yaml'), 'policies:\n  - items: maps/**\n    allow: nobody-we-know\n');
});

afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));

const COMMANDS = [
  [],
  ['demo'],
  ['serve'],
  ['gateway'],
  ['gateway', 'config'],
  ['gateway', 'doctor'],
  ['user'],
  ['user', 'add'],
  ['user', 'list'],
  ['user', 'remove'],
  ['user', 'password'],
  ['user', 'roles'],
  ['device'],
  ['device', 'add'],
  ['device', 'list'],
  ['device', 'remove'],
  ['access'],
  ['access', 'check'],
  ['access', 'explain'],
  ['access', 'diff'],
  ['import'],
  ['import', 'digilib'],
  ['import', 'loris'],
  ['import', 'seed'],
  ['import', 'csv'],
  ['shadow'],
  ['shadow', 'report'],
  ['shadow', 'clear'],
  ['identity'],
  ['identity', 'check'],
  ['grant'],
  ['grant', 'add'],
  ['grant', 'list'],
  ['grant', 'remove'],
  ['mail'],
  ['mail', 'test'],
  ['pyramid'],
] as const;

describe('help', () => {
  it.each(COMMANDS.map((words) => [words.join(' '), words] as const))(
    'vitrine %s --help explains itself with examples',
    async (_name, words) => {
      const { code, out, err } = await runVitrine([...words, '--help'], { folder });
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toContain(`Usage: vitrine${words.map((word) => ` ${word}`).join('')}`);
      expect(out).toContain('Examples:');
    },
  );

  it.each(['serve', 'demo', 'gateway'] as const)('vitrine %s --help lists every option of the table', async (command) => {
    const { out } = await runVitrine([command, '--help'], { folder });
    for (const key of optionsOf(command)) expect(out).toContain(`${flagName(key)} `);
  });

  it('vitrine without a command shows the help', async () => {
    expect((await runVitrine([], { folder })).out).toContain('Usage: vitrine');
  });

  it('vitrine --version prints the version and nothing else', async () => {
    expect(await runVitrine(['--version'], { folder })).toEqual({ code: 0, out: `${packageJson.version}\n`, err: '' });
  });
});

describe('a mistake on the command line', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['an unknown command', ['serv'], /unknown command 'serv'/],
    ['an unknown option', ['serve', '--prot', '1'], /unknown option '--prot'/],
    ['a value that cannot be', ['serve', '--port', 'many'], /--port must be a whole number/],
    ['a folder that does not exist', ['serve', '--images', 'none'], /does not exist/],
    ['an access file with a mistake', ['serve', '--images', 'images', '--access', 'wrong.yaml'], /wrong\.yaml:3:/],
    ['an option file that is not there', ['serve', '--config', 'none.yaml'], /could not be read/],
    ['an access command without a file', ['access', 'explain', 'maps/a.jpg'], /--access FILE/],
    ['an identity command without a file', ['identity', 'check'], /--identity FILE/],
  ])('%s ends with code 2 and a sentence, without a stack', async (_what, words, sentence) => {
    const { code, out, err } = await runVitrine(words, { folder });
    expect(code).toBe(2);
    expect(err).toMatch(sentence);
    expect(`${out}${err}`).not.toMatch(/\n\s+at /);
  });
});

describe('serve', () => {
  const serveWords = (...more: string[]): string[] => ['serve', '--images', 'images', '--data', 'state', ...more];

  async function stopped(server: Running, signal: 'SIGINT' | 'SIGTERM'): Promise<number | null> {
    server.process.kill(signal);
    return server.exit;
  }

  it('says where it listens, what it shows and that everything is open; answers; stops in order', async () => {
    const server = start(serveWords('--port', '0'), { folder });
    const [, url = ''] = await server.says(/(http:\/\/\S+)/);
    await server.says(/Everything is open: no access file/);
    await server.says(/Stop with Ctrl\+C/);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    expect(await stopped(server, 'SIGTERM')).toBe(0);
  });

  it.runIf(process.platform === 'linux')('keeps its memory small, in the process that was started', async () => {
    const server = start(serveWords('--port', '0'), { folder });
    await server.says(/http:\/\/\S+/);
    const environment = (await readFile(`/proc/${server.process.pid}/environ`, 'utf8')).split('\0');
    expect(environment).toContain('MALLOC_ARENA_MAX=2');
    const words = (await readFile(`/proc/${server.process.pid}/cmdline`, 'utf8')).split('\0');
    expect(words).toEqual(expect.arrayContaining(['--max-semi-space-size=4', '--initial-old-space-size=96']));
    expect(await stopped(server, 'SIGTERM')).toBe(0);
  });

  it('stops on Ctrl+C', async () => {
    const server = start(serveWords('--port', '0'), { folder });
    await server.says(/http:\/\/\S+/);
    expect(await stopped(server, 'SIGINT')).toBe(0);
  });

  it('takes options from the environment', async () => {
    const server = start(['serve'], { folder, environment: { VITRINE_IMAGES: 'images', VITRINE_DATA: 'state', VITRINE_PORT: '0' } });
    await server.says(/http:\/\/\S+/);
    expect(await stopped(server, 'SIGTERM')).toBe(0);
  });

  it('answers a port that is taken with one sentence', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => {
      other.listen(0, '127.0.0.1', resolve);
    });
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { code, err } = await runVitrine(serveWords('--port', String(port)), { folder });
    other.close();
    expect(code).toBe(1);
    expect(err).toContain(`vitrine: Port ${port} on 127.0.0.1 is taken by another program; choose another one with --port.`);
    expect(err).not.toMatch(/\n\s+at /);
  });
});
