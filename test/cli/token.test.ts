import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { runTokenAdd, runTokenList, runTokenRemove } from '../../src/cli/token.ts';

const NOW = new Date('2030-05-06T07:08:09Z');

let data = '';
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'vitrine-token-'));
  const db = await openSqlite(join(data, 'vitrine.db'));
  for (const [name, role] of [
    ['anna', 'reader'],
    ['root', 'administrator'],
  ] as const) {
    await db.users.create({ name, roles: [role], passwordHash: null });
  }
  await db.close();
});
afterAll(() => rm(data, { recursive: true, force: true, maxRetries: 10 }));

function io() {
  const lines = { out: [] as string[], err: [] as string[] };
  return {
    lines,
    command: { data, now: NOW, print: (line: string) => void lines.out.push(line), error: (line: string) => void lines.err.push(line) },
  };
}

const add = async (user: string, scopes: readonly string[], days = 90) => {
  const { command, lines } = io();
  return { exit: await runTokenAdd({ ...command, name: 'nightly', user, scopes, days }), ...lines };
};

describe('vitrine token', () => {
  it('says that there are none yet', async () => {
    const { command, lines } = io();
    expect(await runTokenList({ ...command, user: null })).toBe(0);
    expect(lines).toEqual({ out: [], err: ['There are no tokens. Add one with: vitrine token add NAME --user USER'] });
  });

  it('add prints the token alone where a script reads, and what it is beside it', async () => {
    const { exit, out, err } = await add('anna', ['content'], 30);
    expect(exit).toBe(0);
    expect(out).toEqual([expect.stringMatching(/^vitrine_pat_[A-Za-z0-9_-]{49}$/)]);
    expect(err).toEqual(['This is token nightly of anna, for content, until 2030-06-05. It is shown this once.']);
  });

  it.each([
    ['for somebody who is not there', 'bert', ['content'], 90, 'There is no user "bert".'],
    ['without the role that its scopes need', 'anna', ['users:read'], 90, 'Scopes beside content are for administrators'],
    ['for what does not exist', 'root', ['everything'], 90, 'There is no such scope.'],
    ['for too long', 'root', ['content'], 367, 'A token lasts from 1 to 366 days.'],
  ])('add refuses one %s', async (_what, user, scopes, days, sentence) => {
    const { exit, out, err } = await add(user, scopes, days);
    expect([exit, out]).toEqual([1, []]);
    expect(err.join()).toContain(sentence);
  });

  it('list shows everything but the token, remove ends it, and both are in the audit', async () => {
    expect((await add('root', ['users:read', 'audit:read'])).exit).toBe(0);
    const { command, lines } = io();
    expect(await runTokenList({ ...command, user: 'root' })).toBe(0);
    const [head = '', row = '', ...more] = lines.out;
    expect(more).toEqual([]);
    expect(head).toMatch(/^ID +USER +NAME +SCOPES +UNTIL +LAST USED$/);
    expect(row).toMatch(/^pat_\S+ +root +nightly +users:read audit:read +2030-08-04 +never$/);
    const [id = ''] = row.split(' ');
    expect([await runTokenRemove({ ...command, id }), await runTokenRemove({ ...command, id })]).toEqual([0, 1]);
    const db = await openSqlite(join(data, 'vitrine.db'));
    const events = await db.audit.list({ person: 'root' }, { limit: 10 });
    await db.close();
    expect(events.map(({ action, via }) => [action, via]).toSorted()).toEqual([
      ['personal-token.created', 'command line'],
      ['personal-token.revoked', 'command line'],
    ]);
  });
});
