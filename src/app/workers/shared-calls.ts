import type { Logger } from 'pino';
import type { Mail } from '../../domain/mail.ts';
import type { FirstLink } from '../../flows/admin/first-administrator.ts';
import type { ServerWide } from '../server-wide.ts';
import type { Call } from './calls.ts';

/** What a worker asks the process that started it, because the answer must be one for all workers. */
export type SharedCalls = ReturnType<typeof answerShared>['functions'];

/** For one worker. `leave`: it has ended, and with it all that it had begun. */
export function answerShared(wide: Omit<ServerWide, 'keepsHouse'>) {
  const turns = new Map<number, () => void>();
  const checks: (readonly string[])[] = [];
  let lastTurn = 0;
  let hasLeft = false;

  const endTurn = (turn: number): void => {
    turns.get(turn)?.();
    turns.delete(turn);
  };
  const endChecks = async (keys: readonly string[]): Promise<void> => {
    const at = checks.findIndex((begun) => begun.join() === keys.join());
    if (at < 0) return;
    checks.splice(at, 1);
    await wide.runningChecks.end(keys);
  };
  const beginTurn = (key: string): Promise<number> =>
    new Promise((begun) => {
      void wide.inTurn(key, () => {
        lastTurn += 1;
        const turn = lastTurn;
        if (hasLeft) return Promise.resolve();
        const ended = new Promise<void>((end) => turns.set(turn, end));
        begun(turn);
        return ended;
      });
    });
  return {
    functions: {
      takeNewSession: async (address: string) => wide.newSessions.take(address),
      takeStart: async (address: string) => wide.starts.take(address),
      countWrongToken: async (address: string) => wide.wrongTokens.count(address),
      delayFailure: async (key: string) => wide.brake.delayMilliseconds(key),
      forgetFailures: async (key: string) => wide.brake.forget(key),
      async beginChecks(keys: readonly string[]) {
        checks.push(keys);
        return wide.runningChecks.begin(keys);
      },
      endChecks,
      beginTurn,
      endTurn: async (turn: number) => endTurn(turn),
      sendMail: async (mail: Mail) => wide.mail?.send(mail),
      accessChanged: wide.accessChanged,
      collectMetrics: () => wide.collectMetrics(async () => []),
      mailState: async () => wide.mail?.state() ?? { waiting: 0, failing: null },
    },
    leave() {
      hasLeft = true;
      for (const turn of turns.keys()) endTurn(turn);
      for (const keys of [...checks]) void endChecks(keys);
    },
  };
}

interface Worker {
  /** What links in mails begin with; null where no mail is sent. */
  readonly mailBase: string | null;
  readonly firstLink: FirstLink;
  readonly keepsHouse: boolean;
  readonly log: Logger;
}

/** The same in a worker: all of it is asked for over the line. */
export function shareWithOthers(call: Call<SharedCalls>, { mailBase, firstLink, keepsHouse, log }: Worker): ServerWide {
  return {
    firstLink,
    newSessions: { take: (address) => call('takeNewSession', address) },
    starts: { take: (address) => call('takeStart', address) },
    wrongTokens: { count: (address) => call('countWrongToken', address) },
    brake: { delayMilliseconds: (key) => call('delayFailure', key), forget: (key) => call('forgetFailures', key) },
    runningChecks: { begin: (keys) => call('beginChecks', keys), end: (keys) => call('endChecks', keys) },
    async inTurn(key, work) {
      const turn = await call('beginTurn', key);
      try {
        return await work();
      } finally {
        await call('endTurn', turn);
      }
    },
    mail:
      mailBase === null
        ? null
        : {
            base: mailBase,
            send: (mail) => void call('sendMail', mail).catch((error: unknown) => log.error({ err: error }, 'a mail was not taken over')),
            state: () => call('mailState'),
          },
    accessChanged: () => call('accessChanged'),
    collectMetrics: () => call('collectMetrics'),
    keepsHouse,
    close: async () => {},
  };
}
