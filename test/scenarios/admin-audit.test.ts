import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import type { AuditEvent } from '../../src/domain/audit.ts';
import { addAdministrator, signedInAdministrator } from '../harness/administrator.ts';
import { TestVisitor } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

const MARCH = Date.parse('2026-03-01T00:00:00Z');
const BLANK = { actor: null, via: 'web', address: null, item: null, service: null, rule: null, target: null, detail: null } as const;
const RULE = 'policy 2 (members/**): service members, role reader';

let vitrine: TestVitrine;
let keeper: TestVisitor;

/** 120 views, and one event of each odd kind. */
const EVENTS: readonly AuditEvent[] = [
  ...Array.from(
    { length: 120 },
    (_, hour): AuditEvent => ({
      ...BLANK,
      id: `evt_${String(hour).padStart(4, '0')}`,
      at: new Date(MARCH + hour * 3_600_000),
      action: 'view',
      actor: hour % 2 === 0 ? 'reader' : 'curator',
      address: '192.0.2.7',
      item: `members/page ${hour}.jpg`,
      service: 'members',
      rule: RULE,
      pseudonymised: false,
    }),
  ),
  odd('user.roles', { actor: 'keeper', target: '<b>bert</b>', detail: 'role reader' }),
  odd('sign-in.failed', { address: '2001:db8::1', detail: 'wrong name or password' }),
  odd('device.created', { via: 'command line', target: '=HYPERLINK("https://evil.example")' }),
  odd('refused', { address: '192.0.2.9', service: 'desks', detail: '@SUM(1+1)' }),
  odd('view', { actor: 'person-abcdefghijkl', address: 'address-abcdefghijkl', item: '+members/minus.jpg', pseudonymised: true }),
];

function odd(action: AuditEvent['action'], more: Partial<AuditEvent>): AuditEvent {
  return {
    ...BLANK,
    id: `evt_${action}_${more.service ?? more.item ?? ''}`.replaceAll(/[^\w]/g, '_') as AuditEvent['id'],
    at: new Date('2025-01-01T00:00:00Z'),
    action,
    pseudonymised: false,
    ...more,
  };
}

beforeAll(async () => {
  vitrine = await startTestVitrine();
  await addAdministrator(vitrine);
  const database = await openSqlite(join(vitrine.data, 'vitrine.db'));
  await database.audit.add(EVENTS);
  await database.close();
  keeper = await signedInAdministrator(vitrine);
});
afterAll(() => vitrine.close());

const read = async (path: string) => (await keeper.ask(path)).text();
/** Of each row what is said, without tags. */
async function rows(path: string): Promise<readonly string[]> {
  const [, body = ''] = /<tbody>(.*)<\/tbody>/s.exec(await read(path)) ?? [];
  return body
    .split('</tr>')
    .slice(0, -1)
    .map((row) =>
      row
        .replaceAll(/<[^>]*>/g, ' ')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    );
}
const linkOf = (page: string, text: string) =>
  new RegExp(`<a href="([^"]+)"[^>]*>${text}</a>`).exec(page)?.[1]?.replaceAll('&#38;', '&') ?? null;

describe('/admin/audit', () => {
  it('says in words who did what, when, from where, under which rule', async () => {
    const [first = ''] = await rows('/admin/audit?item=members/page+119.jpg');
    for (const part of ['Mar 5, 2026, 11:00 PM UTC', 'curator', 'viewed members/page 119.jpg', 'service members', '192.0.2.7', RULE])
      expect(first).toContain(part);
    const said = await rows('/admin/audit?until=2025-06-01');
    expect(said.join('\n')).toContain('keeper changed the roles of &#60;b&#62;bert&#60;/b&#62;');
    expect(said.join('\n')).toContain('nobody known failed to sign in as somebody who is no user');
    expect(said.join('\n')).toContain('command line made a link for the device');
    expect(said.join('\n')).toContain('nobody known was refused service desks; @SUM(1+1) 192.0.2.9');
  });

  it('has pages that leave nothing out, the newest first, and leads back', async () => {
    const items: string[] = [];
    let path: string | null = '/admin/audit?action=view&address=192.0.2.7';
    let pages = 0;
    while (path !== null) {
      const page = await read(path);
      items.push(...[...page.matchAll(/members\/page (\d+)\.jpg<\/bdi>/g)].map(([, hour = '']) => hour));
      if (pages > 0) expect(linkOf(page, 'Newest')).toBe('/admin/audit?action=view&address=192.0.2.7');
      path = linkOf(page, 'Older');
      pages += 1;
    }
    expect(pages).toBe(3);
    expect(items).toEqual(Array.from({ length: 120 }, (_, hour) => String(119 - hour)));
  });

  it.each([
    ['person=READER&until=2026-03-01T02:00', 1],
    ['person=%3Cb%3Ebert%3C/b%3E', 1],
    ['person=person-abcdefghijkl', 1],
    ['item=members/&from=2026-03-05T20:00', 4],
    ['item=members/page+3.jpg', 1],
    ['address=2001:db8::1', 1],
    ['action=device.created', 1],
    ['from=2026-03-01&until=2026-03-01T03:00', 3],
    ['person=curator&action=sign-in', 0],
    ['person=nobody+of+this+name', 0],
  ])('finds by %s', async (query, found) => {
    expect(await rows(`/admin/audit?${query}`)).toHaveLength(found);
  });

  it('says what of a search is none, beside the field, and keeps what was typed', async () => {
    const reply = await keeper.ask('/admin/audit?person=ada&from=yesterday&action=dance');
    const page = await reply.text();
    expect(reply.status).toBe(400);
    expect(page).toContain('<a href="#from">');
    expect(page).toContain('There is no such action.');
    expect(page).toContain('value="ada"');
    expect((await keeper.ask('/admin/audit/events.csv?from=yesterday')).status).toBe(400);
  });

  it('is for administrators alone, its exports too', async () => {
    const reader = new TestVisitor(vitrine);
    await reader.signIn('reader');
    for (const path of ['/admin/audit', '/admin/audit/events.csv', '/admin/audit/events.jsonl']) {
      const reply = await reader.ask(path);
      expect([reply.status, reply.headers.get('location')]).toEqual([303, `/admin/sign-in?return=${encodeURIComponent(path)}`]);
    }
  });
});

describe('an export of the audit', () => {
  it('as CSV has what the search finds, and no cell that a spreadsheet would run', async () => {
    const reply = await keeper.ask('/admin/audit/events.csv?until=2025-06-01');
    expect(reply.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(reply.headers.get('content-disposition')).toMatch(/^attachment; filename="audit-\d{4}-\d\d-\d\d\.csv"$/);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    const text = await reply.text();
    const cells = parse(text, { columns: true }) as Record<string, string>[];
    expect(cells).toHaveLength(5);
    for (const value of cells.flatMap((row) => Object.values(row))) expect(value).not.toMatch(/^[=+\-@\t\r]/);
    expect(cells.find(({ action }) => action === 'device.created')).toMatchObject({
      target: '\'=HYPERLINK("https://evil.example")',
      via: 'command line',
      time: '2025-01-01T00:00:00.000Z',
      who: '',
    });
  });

  it('as JSON lines has an object on each line, as things are', async () => {
    const reply = await keeper.ask('/admin/audit/events.jsonl?person=reader&action=view&until=2026-03-01T03:00');
    expect(reply.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    const lines = (await reply.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toEqual([
      expect.objectContaining({
        time: '2026-03-01T02:00:00.000Z',
        action: 'view',
        who: 'reader',
        item: 'members/page 2.jpg',
        rule: RULE,
        target: null,
        pseudonymised: false,
      }),
      expect.objectContaining({ time: '2026-03-01T00:00:00.000Z' }),
    ]);
  });

  it('is complete where it is longer than what is read at once, and is itself in the audit', async () => {
    const database = await openSqlite(join(vitrine.data, 'vitrine.db'));
    await database.audit.add(
      Array.from({ length: 2_500 }, (_, at) => ({ ...odd('sign-out', { address: '198.51.100.1' }), id: `evt_many_${at}` as const })),
    );
    await database.close();
    const text = await read('/admin/audit/events.jsonl?address=198.51.100.1');
    expect(new Set(text.trimEnd().split('\n')).size).toBe(2_500);
    expect((await rows('/admin/audit?action=audit.exported'))[0]).toContain('keeper exported the audit as jsonl 127.0.0.1');
  });

  it('has no body where only the head is asked for', async () => {
    const reply = await keeper.ask('/admin/audit/events.csv', { method: 'HEAD' });
    expect([reply.status, await reply.text()]).toEqual([200, '']);
  });
});
