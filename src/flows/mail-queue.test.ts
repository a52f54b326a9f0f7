import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/stores.ts';
import type { Delivery, Mail } from '../domain/mail.ts';
import { createMailQueue } from './mail-queue.ts';

const mail = (subject: string): Mail => ({ to: 'anna@example.org', subject, text: 'text' });

/** A queue whose time a test moves, and whose server answers as told. */
function start(answer: (mail: Mail) => Delivery) {
  const clock = new FakeClock();
  const tried: string[] = [];
  const failures: string[] = [];
  let planned: { run: () => void; milliseconds: number } | null = null;
  let atOnce = 0;
  let most = 0;
  const queue = createMailQueue({
    clock,
    base: 'https://iiif.example.org',
    transport: {
      async deliver(given) {
        atOnce += 1;
        most = Math.max(most, atOnce);
        await Promise.resolve();
        atOnce -= 1;
        tried.push(given.subject);
        return answer(given);
      },
      close() {},
    },
    onFailure: (reason, fate) => void failures.push(`${reason}, ${fate}`),
    later: (run, milliseconds) => {
      planned = { run, milliseconds };
      return () => {
        planned = null;
      };
    },
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    queue,
    tried,
    failures,
    settle,
    mostAtOnce: () => most,
    /** Lets the time come for which it waits; tells how many minutes that was, null where it waits for nothing. */
    async wait(): Promise<number | null> {
      if (planned === null) return null;
      const { run, milliseconds } = planned;
      clock.forward({ seconds: milliseconds / 1000 });
      run();
      await settle();
      return milliseconds / 60_000;
    },
  };
}

const REFUSED: Delivery = { reason: 'refused', again: false };
const LATER: Delivery = { reason: 'away', again: true };

describe('mail', () => {
  it('is sent at once, in order, one at a time', async () => {
    const { queue, tried, settle, mostAtOnce } = start(() => 'sent');
    for (const subject of ['a', 'b', 'c']) queue.send(mail(subject));
    await settle();
    expect(tried).toEqual(['a', 'b', 'c']);
    expect(mostAtOnce()).toBe(1);
    expect(queue.state()).toEqual({ waiting: 0, failing: null });
  });

  it('is tried again some minutes later, and given up after five times more', async () => {
    const { queue, tried, failures, settle, wait } = start(() => LATER);
    queue.send(mail('a'));
    await settle();
    expect(queue.state()).toMatchObject({ waiting: 1, failing: { reason: 'away' } });
    expect([await wait(), await wait(), await wait(), await wait(), await wait()]).toEqual([1, 5, 15, 60, 240]);
    expect(await wait()).toBeNull();
    expect(tried).toHaveLength(6);
    expect(failures.at(-1)).toBe('away, given up');
    expect(queue.state().waiting).toBe(0);
  });

  it('that the server will never take is given up at once, and others go on', async () => {
    const { queue, tried, failures, settle } = start(({ subject }) => (subject === 'bad' ? REFUSED : 'sent'));
    queue.send(mail('bad'));
    queue.send(mail('good'));
    await settle();
    expect(tried).toEqual(['bad', 'good']);
    expect(failures).toEqual(['refused, given up']);
    expect(queue.state()).toEqual({ waiting: 0, failing: null });
  });

  it('does not hold back what comes after it', async () => {
    const { queue, tried, settle, wait } = start(({ subject }) => (subject === 'slow' && tried.length === 1 ? LATER : 'sent'));
    queue.send(mail('slow'));
    await settle();
    queue.send(mail('next'));
    await settle();
    expect(tried).toEqual(['slow', 'next']);
    expect(await wait()).toBe(1);
    expect(tried).toEqual(['slow', 'next', 'slow']);
    expect(queue.state()).toEqual({ waiting: 0, failing: null });
  });

  it('waits up to a bound', async () => {
    const { queue, failures, settle } = start(() => LATER);
    for (let n = 0; n < 1_005; n += 1) queue.send(mail(`${n}`));
    await settle();
    expect(queue.state().waiting).toBeLessThanOrEqual(1_001);
    expect(failures.filter((each) => each === 'too many mails wait, given up').length).toBeGreaterThanOrEqual(4);
  });

  it('that waits for its first attempt goes out before the end; nothing is taken after it', async () => {
    const { queue, tried } = start(() => 'sent');
    queue.send(mail('a'));
    queue.send(mail('b'));
    await queue.close();
    queue.send(mail('c'));
    expect(tried).toEqual(['a', 'b']);
  });
});
