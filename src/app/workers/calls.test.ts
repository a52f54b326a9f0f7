import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { answerCalls, callOver, type Line } from './calls.ts';

/** Two ends of one line. */
function createLine(): [Line & EventEmitter, Line & EventEmitter] {
  const ends = [new EventEmitter(), new EventEmitter()] as const;
  const end = (at: 0 | 1) =>
    Object.assign(ends[at], {
      send: (message: unknown, done: (error: Error | null) => void) => {
        const copy: unknown = structuredClone(message);
        setImmediate(() => ends[at === 0 ? 1 : 0].emit('message', copy));
        done(null);
      },
    });
  return [end(0), end(1)];
}

const FUNCTIONS = {
  double: async (number: number) => number * 2,
  late: () => new Promise<string>((resolve) => setTimeout(() => resolve('late'), 20)),
  fails: async (): Promise<never> => {
    throw new Error('It is broken.');
  },
  never: () => new Promise<never>(() => {}),
};

describe('calls between processes', () => {
  it('answer each call with what its function answers, whatever the order', async () => {
    const [one, other] = createLine();
    answerCalls(other, FUNCTIONS);
    const call = callOver<typeof FUNCTIONS>(one);
    expect(await Promise.all([call('late'), call('double', 4), call('double', 21)])).toEqual(['late', 8, 42]);
  });

  it('tell the message of what a function throws', async () => {
    const [one, other] = createLine();
    answerCalls(other, FUNCTIONS);
    await expect(callOver<typeof FUNCTIONS>(one)('fails')).rejects.toThrow('It is broken.');
  });

  it('refuse what is no function of the table', async () => {
    const [one, other] = createLine();
    answerCalls(other, FUNCTIONS);
    const call = callOver<{ toString: () => Promise<string> }>(one);
    await expect(call('toString')).rejects.toThrow('There is no function toString.');
  });

  it('go both ways over one line', async () => {
    const [one, other] = createLine();
    answerCalls(one, { greet: async (name: string) => `hello ${name}` });
    answerCalls(other, FUNCTIONS);
    const back = callOver<{ greet: (name: string) => Promise<string> }>(other);
    expect(await Promise.all([back('greet', 'anna'), callOver<typeof FUNCTIONS>(one)('double', 2)])).toEqual(['hello anna', 4]);
  });

  it('fail when the line ends before the answer', async () => {
    const [one, other] = createLine();
    answerCalls(other, FUNCTIONS);
    const waiting = callOver<typeof FUNCTIONS>(one)('never');
    one.emit('disconnect');
    await expect(waiting).rejects.toThrow('The other process has ended.');
  });
});
