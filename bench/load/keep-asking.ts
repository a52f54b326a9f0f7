import { Agent, get, type IncomingMessage } from 'node:http';
import { setTimeout } from 'node:timers/promises';

export interface Readers {
  readonly base: string;
  /** The path of the next request. */
  next(): string;
  readonly cookie: string | null;
  /** Each asks for one thing after the other. */
  readonly count: number;
}

export interface ReadersAtWork {
  /** Whole answers so far. */
  answered(): number;
  /** They go, whatever they wait for. @throws when one got an answer that is neither what it asked for nor a request to come back. */
  leave(): Promise<void>;
}

/** Readers who ask again and again, and come back later when they are told to. */
export function keepAsking({ base, next, cookie, count }: Readers): ReadersAtWork {
  const agent = new Agent({ keepAlive: true, maxSockets: count });
  const leaving = new AbortController();
  const { signal } = leaving;
  let answered = 0;
  const readOn = async () => {
    while (!signal.aborted) {
      const path = next();
      for (let wait = await askOnce(`${base}${path}`, cookie, agent, signal); wait > 0; ) {
        await setTimeout(wait * 1000, undefined, { signal });
        wait = await askOnce(`${base}${path}`, cookie, agent, signal);
      }
      answered += 1;
    }
  };
  // Whoever leaves in the middle of an answer breaks it off.
  const readUntilLeaving = () => readOn().catch((error: unknown) => (signal.aborted ? null : error));
  const whole = Promise.all(Array.from({ length: count }, readUntilLeaving));
  return {
    answered: () => answered,
    async leave() {
      leaving.abort();
      const failures = (await whole).filter((error) => error !== null && error !== undefined);
      agent.destroy();
      if (failures.length > 0) throw failures[0];
    },
  };
}

/** Returns 0 when the answer came, else after how many seconds to come back. */
async function askOnce(url: string, cookie: string | null, agent: Agent, signal: AbortSignal): Promise<number> {
  const answer = await open(url, { agent, signal, headers: cookie === null ? {} : { cookie } });
  for await (const _ of answer) signal.throwIfAborted();
  if (answer.statusCode === 200) return 0;
  if (answer.statusCode === 503) return Number(answer.headers['retry-after'] ?? 1);
  throw new Error(`${url} was answered ${answer.statusCode}.`);
}

function open(url: string, options: { agent: Agent; signal: AbortSignal; headers: Record<string, string> }): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, options, resolve).once('error', reject);
  });
}
