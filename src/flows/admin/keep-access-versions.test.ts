import { beforeEach, describe, expect, it } from 'vitest';
import { FakeAccessVersions } from '../../../test/fakes/access-versions.ts';
import { FakeAudit } from '../../../test/fakes/audit.ts';
import { FakeClock, fakeRandomness } from '../../../test/fakes/stores.ts';
import { openAccess } from '../../domain/access.ts';
import type { AccessFile, AccessReplacement } from '../../domain/access-file.ts';
import { createTurns } from '../turns.ts';
import { type AccessKeeper, createAccessKeeper } from './keep-access-versions.ts';

const { hash } = fakeRandomness();

/** What begins with a question mark is no access file. */
class FakeFile implements AccessFile {
  readonly name = 'access.yaml';
  text: string | null = 'first';
  takenOver: string | null = null;
  hindered: string | null = null;
  /** What happens just before it is replaced. */
  meanwhile = () => {};

  async read() {
    return this.text;
  }
  async takeOver() {
    this.takenOver = this.text;
  }
  check(text: string) {
    if (!text.startsWith('?')) return { ok: true as const, model: openAccess(), warnings: [] };
    return { ok: false as const, mistakes: [{ line: 1, column: 1, sentence: 'A question is no answer.' }] };
  }
  async findObstacle() {
    return this.hindered;
  }
  async replace(text: string, over: string): Promise<AccessReplacement> {
    this.meanwhile();
    if (this.hindered !== null) return { kind: 'hindered', sentence: this.hindered };
    if (this.text !== over) return { kind: 'changed' };
    this.text = text;
    return { kind: 'replaced' };
  }
}

let file: FakeFile;
let versions: FakeAccessVersions;
let audit: FakeAudit;
let keeper: AccessKeeper;
let failures: unknown[];

beforeEach(() => {
  file = new FakeFile();
  versions = new FakeAccessVersions();
  audit = new FakeAudit();
  failures = [];
  keeper = createAccessKeeper({
    inTurn: createTurns(),
    file,
    accessVersions: versions,
    audit,
    clock: new FakeClock(),
    randomness: { hash },
    onFailure: (error) => void failures.push(error),
  });
});

const save = (text: string, over = file.text ?? '') =>
  keeper.save({ text, over: hash(over), by: 'ada', address: '192.0.2.7', comment: 'because' });
const kept = () => versions.kept.map(({ text, by }) => `${text} by ${by ?? 'the server'}`);

describe('the access file', () => {
  it('is written, kept with who and why, and recorded', async () => {
    expect(await save('second')).toMatchObject({ kind: 'saved', version: { number: 2, by: 'ada', comment: 'because' } });
    expect(file.text).toBe('second');
    expect(kept()).toEqual(['first by the server', 'second by ada']);
    expect(audit.entries).toEqual([
      { action: 'access.saved', actor: 'ada', address: '192.0.2.7', target: 'access.yaml', detail: 'version 2' },
    ]);
  });

  it('that was changed on the server is kept as that, once, and not before it is valid', async () => {
    await keeper.notice();
    await keeper.notice();
    file.text = '?';
    await keeper.notice();
    file.text = 'third';
    await keeper.notice();
    expect(kept()).toEqual(['first by the server', 'third by the server']);
    expect(file.takenOver).toBe('third');
    expect(audit.entries).toEqual([]);
  });

  it('that was brought back is recorded as that', async () => {
    await save('second');
    expect(await save('first')).toMatchObject({ kind: 'saved', version: { number: 3 } });
    expect(audit.entries.at(-1)).toMatchObject({ action: 'access.restored', detail: 'version 3, as version 1 was' });
  });

  it('that somebody changed meanwhile is left alone, whenever that was', async () => {
    expect(await save('second', 'of long ago')).toEqual({ kind: 'changed', text: 'first' });
    file.meanwhile = () => {
      file.text = 'theirs';
    };
    expect(await save('second')).toEqual({ kind: 'changed', text: 'theirs' });
    expect(kept()).toEqual(['first by the server']);
    expect(audit.entries).toEqual([]);
  });

  it('of two who save at the same time takes one, and tells the other', async () => {
    const outcomes = await Promise.all([save('mine'), save('theirs', 'first')]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['saved', 'changed']);
    expect(file.text).toBe('mine');
  });

  it('with mistakes, or without a change, is not written', async () => {
    expect(await save('?')).toMatchObject({ kind: 'mistaken', mistakes: [{ line: 1 }] });
    expect(await save('first')).toEqual({ kind: 'same' });
    expect(file.text).toBe('first');
    expect(audit.entries).toEqual([]);
  });

  it('that cannot be written says why', async () => {
    file.hindered = 'It is mounted read-only.';
    expect(await save('second')).toEqual({ kind: 'hindered', sentence: 'It is mounted read-only.' });
    file.text = null;
    expect(await save('second', 'first')).toMatchObject({ kind: 'hindered' });
  });

  it('goes on being kept after a failure', async () => {
    file.meanwhile = () => {
      throw new Error('the disk broke');
    };
    await expect(save('second')).rejects.toThrow('the disk broke');
    file.read = async () => {
      throw new Error('the disk is still broken');
    };
    keeper.noticeSoon();
    await expect(keeper.notice()).rejects.toThrow('still broken');
    expect(failures).toHaveLength(1);
    file.meanwhile = () => {};
    file.read = async () => file.text;
    expect((await save('second')).kind).toBe('saved');
  });
});
