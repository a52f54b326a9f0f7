import type { Mail, Mailer, MailState, MailTransport } from '../domain/mail.ts';
import type { Clock } from '../domain/ports.ts';

export interface MailQueueDeps {
  readonly transport: MailTransport;
  readonly clock: Clock;
  /** See `Mailer`. */
  readonly base: string;
  /** Told of each failure, in words without address or secret. */
  readonly onFailure: (reason: string, fate: 'tried again' | 'given up') => void;
  /** Runs it once after so many milliseconds, unless it is called off by what is returned. */
  readonly later?: (run: () => void, milliseconds: number) => () => void;
}

export interface RunningMailQueue extends Mailer {
  state(): MailState;
  /** Tries once more to send what waits for its first time, and forgets the rest. */
  close(): Promise<void>;
}

interface Waiting {
  readonly mail: Mail;
  /** Attempts that failed. */
  readonly failed: number;
  /** Milliseconds since 1970. */
  readonly dueAt: number;
}

/** Mail servers that put somebody off (greylisting) want some minutes; who is away for a night is not waited for. */
const AGAIN_MINUTES = [1, 5, 15, 60, 240] as const;
/** A mail has some kilobytes; more waiting ones mean that something is wrong. */
const MOST_WAITING = 1_000;

/** Mails wait in memory: those that wait when the server ends are lost, and what they say stands on its pages. One is sent at a time. */
export function createMailQueue(deps: MailQueueDeps): RunningMailQueue {
  const { later = inTime } = deps;
  let waiting: readonly Waiting[] = [];
  let failing: MailState['failing'] = null;
  let running: Promise<void> | null = null;
  let callOff: (() => void) | null = null;
  let closed = false;

  function run(): void {
    running ??= sendDue().finally(() => {
      running = null;
      plan();
    });
  }

  async function sendDue(): Promise<void> {
    for (let next = takeDue(); next !== null; next = takeDue()) await attempt(next);
  }

  function takeDue(): Waiting | null {
    const now = deps.clock.now().getTime();
    const due = waiting.find(({ dueAt, failed }) => (closed ? failed === 0 : dueAt <= now)) ?? null;
    waiting = waiting.filter((each) => each !== due);
    return due;
  }

  async function attempt({ mail, failed }: Waiting): Promise<void> {
    const delivery = await deps.transport.deliver(mail);
    if (delivery === 'sent') {
      failing = null;
      return;
    }
    failing = { at: deps.clock.now(), reason: delivery.reason };
    const minutes = delivery.again && !closed ? AGAIN_MINUTES[failed] : undefined;
    deps.onFailure(delivery.reason, minutes === undefined ? 'given up' : 'tried again');
    if (minutes === undefined) return;
    waiting = [...waiting, { mail, failed: failed + 1, dueAt: deps.clock.now().getTime() + minutes * 60_000 }];
  }

  function plan(): void {
    callOff?.();
    callOff = null;
    if (closed || waiting.length === 0) return;
    const wait = Math.min(...waiting.map(({ dueAt }) => dueAt)) - deps.clock.now().getTime();
    callOff = later(run, Math.max(0, wait));
  }

  return {
    base: deps.base,
    send(mail) {
      if (closed || waiting.length >= MOST_WAITING) return deps.onFailure('too many mails wait', 'given up');
      waiting = [...waiting, { mail, failed: 0, dueAt: deps.clock.now().getTime() }];
      run();
    },
    state: () => ({ waiting: waiting.length, failing }),
    async close() {
      closed = true;
      callOff?.();
      await running;
      await sendDue();
      deps.transport.close();
    },
  };
}

function inTime(run: () => void, milliseconds: number): () => void {
  const timer = setTimeout(run, milliseconds);
  timer.unref();
  return () => clearTimeout(timer);
}
