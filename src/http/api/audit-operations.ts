import { z } from 'zod';
import type { AuditEvent, AuditEventId, AuditFilter } from '../../domain/audit.ts';
import { type Operation, operation } from './operation.ts';
import { PAGING, readCursor, writeCursor } from './paging.ts';
import { isInvalid, refuseFields } from './read-input.ts';
import { answerJson } from './reply.ts';
import { AUDIT_PAGE, auditAction } from './schemas.ts';

const TAG = 'Audit';
const LINES = 'application/x-ndjson';
const PLACE = z.tuple([z.int(), z.string().regex(/^evt_/)]);
const moment = z.iso.datetime({ offset: true });

export const AUDIT_OPERATIONS: readonly Operation[] = [
  operation(
    {
      id: 'listAuditEvents',
      method: 'GET',
      path: '/api/1/audit',
      tag: TAG,
      scope: 'audit:read',
      summary: 'What happened, the newest first',
      description: `With \`Accept: ${LINES}\` the page is one event a line, and \`Link\` with rel="next" says where to go on.`,
      query: z.strictObject({
        ...PAGING,
        person: z.string().max(200).optional().describe('Name of a user, or a pseudonym: whoever acted, and on whom.'),
        action: auditAction.optional(),
        item: z.string().max(2000).optional().describe('Path of an item; with a slash at the end, a folder and all in it.'),
        address: z.string().max(64).optional(),
        from: moment.optional().describe('From then on.'),
        until: moment.optional().describe('Before then.'),
      }),
      answers: { 200: { description: 'A page of events', schema: AUDIT_PAGE, lines: LINES } },
    },
    async (deps, { query: { limit, cursor, from, until, ...asked }, request }) => {
      const place = readCursor(cursor, PLACE);
      if (isInvalid(place)) return refuseFields(place);
      const after = place === null ? undefined : { at: new Date(place[0]), id: place[1] as AuditEventId };
      const found = await deps.auditStore.list(filterOf(asked, from, until), { after, limit: limit + 1 });
      const events = found.slice(0, limit);
      const last = events.at(-1);
      const next = found.length > limit && last !== undefined ? writeCursor([last.at.getTime(), last.id]) : null;
      if (!wantsLines(request.header('accept'))) return answerJson(AUDIT_PAGE, { events: events.map(toEvent), next });
      const body = events.map((event) => `${JSON.stringify(toEvent(event))}\n`).join('');
      const link = next === null ? {} : { link: `<${request.base}${request.path}?${nextQuery(request.query, next)}>; rel="next"` };
      return { status: 200, headers: { 'content-type': LINES, 'cache-control': 'no-store', vary: 'Accept', ...link }, body };
    },
  ),
];

function filterOf(
  asked: Readonly<Record<string, string | undefined>> & { readonly action?: AuditEvent['action'] | undefined },
  from: string | undefined,
  until: string | undefined,
): AuditFilter {
  const times = { from: from === undefined ? undefined : new Date(from), until: until === undefined ? undefined : new Date(until) };
  return Object.fromEntries(Object.entries({ ...asked, ...times }).filter(([, value]) => value !== undefined));
}

function wantsLines(accept: string | null): boolean {
  return (accept ?? '').split(',').some((type) => type.split(';')[0]?.trim().toLowerCase() === LINES);
}

function nextQuery(query: URLSearchParams, next: string): URLSearchParams {
  const copy = new URLSearchParams(query);
  copy.set('cursor', next);
  return copy;
}

function toEvent(event: AuditEvent) {
  const { id, at, action, actor, via, address, item, service, rule, target, detail, pseudonymised } = event;
  return { id, at: at.toISOString(), action, actor, via, address, item, service, rule, target, detail, pseudonymised };
}
