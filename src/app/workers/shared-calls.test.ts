import pino from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Mail } from '../../domain/mail.ts';
import { createRunningChecks } from '../../flows/running-checks.ts';
import { createTurns } from '../../flows/turns.ts';
import type { ServerWide } from '../server-wide.ts';
import type { Call } from './calls.ts';
import { answerShared, type SharedCalls, shareWithOthers } from './shared-calls.ts';

const BASE = 'https://iiif.example.org';

let sent: Mail[];
let counted: string[];
let worker: () => { readonly wide: ServerWide; readonly leave: () => void };
beforeEach(() => {
  sent = [];
  counted = [];
  const count = (what: string) => (key: string) => counted.push(`${what} ${key}`);
  const primary: ServerWide = {
    firstLink: { secret: 'secret', endsAt: new Date(0) },
    newSessions: { take: count('session') },
    starts: { take: count('start') },
    wrongTokens: {
      count: (address) => {
        counted.push(`token ${address}`);
        return null;
      },
    },
    brake: { delayMilliseconds: count('failure'), forget: (key) => void counted.push(`forget ${key}`) },
    runningChecks: createRunningChecks(),
    inTurn: createTurns(),
    mail: { base: BASE, send: (mail) => void sent.push(mail), state: () => ({ waiting: sent.length, failing: null }) },
    collectMetrics: async (own) => [await own()],
    accessChanged: async () => {},
    keepsHouse: true,
    close: async () => {},
  };
  worker = () => {
    const { functions, leave } = answerShared(primary);
    const call = ((name: keyof SharedCalls, ...given: readonly unknown[]) =>
      (functions[name] as (...given: readonly unknown[]) => unknown)(...given)) as Call<SharedCalls>;
    const log = pino({ level: 'silent' });
    return { wide: shareWithOthers(call, { mailBase: BASE, firstLink: primary.firstLink, keepsHouse: false, log }), leave };
  };
});

describe('what workers have together', () => {
  it('is counted once, whichever of them is asked', async () => {
    const [one, other] = [worker().wide, worker().wide];
    expect([await one.newSessions.take('a'), await other.newSessions.take('a')]).toEqual([1, 2]);
    expect([await one.starts.take('a'), await other.brake.delayMilliseconds('k')]).toEqual([3, 4]);
    await one.brake.forget('k');
    expect(await other.wrongTokens.count('a')).toBeNull();
    expect(counted).toEqual(['session a', 'session a', 'start a', 'failure k', 'forget k', 'token a']);
  });

  it('is one queue of mail', async () => {
    const [one, other] = [worker().wide, worker().wide];
    one.mail?.send({ to: 'anna@example.org', subject: 'Hello', text: 'Anna' });
    other.mail?.send({ to: 'bert@example.org', subject: 'Hello', text: 'Bert' });
    expect(await one.mail?.state()).toEqual({ waiting: 2, failing: null });
    expect([one.mail?.base, sent.map(({ to }) => to)]).toEqual([BASE, ['anna@example.org', 'bert@example.org']]);
  });

  it('is one turn after the other, by key', async () => {
    const [one, other] = [worker().wide, worker().wide];
    const order: string[] = [];
    const work = (name: string) => async () => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      order.push(`${name} ends`);
      return name;
    };
    const answers = [one.inTurn('k', work('first')), other.inTurn('k', work('second')), one.inTurn('k', work('third'))];
    expect(await Promise.all(answers)).toEqual(['first', 'second', 'third']);
    expect(order).toEqual(['first begins', 'first ends', 'second begins', 'second ends', 'third begins', 'third ends']);
  });

  it('counts checks that run in all of them, and none that ended with its worker', async () => {
    const [one, dying, other] = [worker().wide, worker(), worker().wide];
    expect(await one.runningChecks.begin(['anna', 'address'])).toEqual([0, 0]);
    expect(await dying.wide.runningChecks.begin(['anna', 'address'])).toEqual([1, 1]);
    expect(await other.runningChecks.begin(['bert', 'address'])).toEqual([0, 2]);
    dying.leave();
    await one.runningChecks.end(['anna', 'address']);
    expect(await one.runningChecks.begin(['anna', 'bert', 'address'])).toEqual([0, 1, 1]);
  });

  it('lets the next one go on where the work fails, or its worker ends', async () => {
    const [failing, dying, other] = [worker(), worker(), worker().wide];
    await expect(failing.wide.inTurn('k', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const begun = new Promise<void>((resolve) => {
      void dying.wide.inTurn('k', () => new Promise(() => resolve()));
    });
    await begun;
    void dying.wide.inTurn('k', () => new Promise(() => {}));
    const next = other.inTurn('k', async () => 'next');
    dying.leave();
    expect(await next).toBe('next');
  });
});
