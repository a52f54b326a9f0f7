import { rm } from 'node:fs/promises';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { startVitrineProcess } from './process.ts';
import { TestVisitor } from './visitor.ts';
import { makeTestFolder } from './vitrine.ts';

/** The program with two workers, over a folder of its own. */
export interface TestWorkers {
  readonly base: string;
  /** Of the process that started the workers. */
  readonly pid: number;
  readonly data: string;
  readonly accessFile: string;
  output(): string;
  /** Lines of the log, parsed. */
  log(): ReadonlyArray<Record<string, unknown>>;
  /** Sends by a connection to that one worker, 1 or 2. */
  fetchBy(worker: number): Promise<typeof fetch>;
  /** Somebody all of whose requests go to that one worker. */
  visitorOf(worker: number): Promise<TestVisitor>;
  stop(): Promise<number | null>;
  close(): Promise<void>;
}

export async function startTestWorkers(
  changes: { readonly access?: string; readonly args?: readonly string[]; readonly origins?: readonly string[] } = {},
): Promise<TestWorkers> {
  const { folder, images, data, accessFile } = await makeTestFolder(changes);
  const args = [
    '--images',
    images,
    '--data',
    data,
    '--access',
    accessFile,
    '--workers',
    '2',
    '--log-level',
    'debug',
    '--log-format',
    'json',
  ];
  const program = await startVitrineProcess('serve', [...args, ...(changes.args ?? [])]);
  const agents: Agent[] = [];
  let asked = 0;
  const log = () =>
    program
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  /** Which worker answers at the other end of it, as the log tells. */
  async function workerOf(ask: typeof fetch): Promise<unknown> {
    asked += 1;
    const path = `/who-answers-${asked}`;
    await ask(`${program.base}${path}`);
    for (let tries = 0; tries < 200; tries += 1) {
      const line = log().find((each) => each['path'] === path);
      if (line !== undefined) return line['worker'];
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error('The log does not say who answered.');
  }

  async function fetchBy(worker: number): Promise<typeof fetch> {
    // One that has just begun answers some time later.
    for (let tries = 0; tries < 300; tries += 1) {
      const agent = new OneConnection();
      const ask = fetchOver(agent);
      if ((await workerOf(ask)) === worker) {
        agents.push(agent);
        return ask;
      }
      agent.destroy();
      if (tries > 2) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`No connection leads to worker ${worker}.`);
  }

  return {
    base: program.base,
    pid: program.pid,
    data,
    accessFile,
    output: program.output,
    log,
    fetchBy,
    visitorOf: async (worker) => new TestVisitor(program, {}, await fetchBy(worker)),
    stop: program.stop,
    async close() {
      for (const agent of agents) agent.destroy();
      await program.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

/** A second connection could lead to another worker, and a test would not notice. */
class OneConnection extends Agent {
  #isMade = false;

  constructor() {
    super({ keepAlive: true, maxSockets: 1 });
  }

  override createConnection(...given: Parameters<Agent['createConnection']>): ReturnType<Agent['createConnection']> {
    if (this.#isMade) throw new Error('The connection to the worker was lost.');
    this.#isMade = true;
    return super.createConnection(...given);
  }
}

/** As much of `fetch` as visitors need. */
function fetchOver(agent: Agent): typeof fetch {
  return async (url, init = {}) => {
    const headers = Object.fromEntries(new Headers(init.headers));
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = httpRequest(String(url), { agent, method: init.method ?? 'GET', headers }, resolve).once('error', reject);
      sent.end(init.body ?? undefined);
    });
    const body = await buffer(answer);
    const pairs = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
      values.map((value): [string, string] => [name, value]),
    );
    const status = answer.statusCode ?? 0;
    return new Response([204, 304].includes(status) ? null : body, { status, headers: pairs });
  };
}
