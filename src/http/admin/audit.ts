import { readAudit, searchAudit } from '../../flows/admin/search-audit.ts';
import { auditPage } from '../../ui/admin/pages/audit.ts';
import { rootOf } from '../access/access-page.ts';
import type { Handler } from '../server/exchange.ts';
import { page } from '../server/reply.ts';
import type { AdminDeps } from './admin-deps.ts';
import { AUDIT_FORMATS } from './audit-export.ts';
import { readAuditSearch, readPlace, writeAuditSearch } from './audit-search.ts';
import { adminFrame, adminPage } from './guard.ts';

/** `/admin/audit`: what happened, newest first. */
export function createAuditPage(deps: AdminDeps): Handler {
  return adminPage(deps, async (request, admin) => {
    const { typed, filter, mistakes } = readAuditSearch(request.query);
    const after = readPlace(request.query);
    const { events, next } = mistakes.length > 0 ? { events: [], next: null } : await searchAudit(deps.auditStore, filter, after);
    const root = `${rootOf(request)}/admin/audit`;
    const address = (query: string) => (query === '' ? root : `${root}?${query}`);
    const search = writeAuditSearch(typed);
    const html = auditPage(adminFrame(deps, request, admin), {
      typed,
      mistakes,
      events,
      addressOf: (only) => address(writeAuditSearch(only)),
      newest: after === undefined ? null : address(search),
      older: next === null ? null : address(writeAuditSearch(typed, next)),
      exports: {
        csv: `${root}/events.csv${search === '' ? '' : `?${search}`}`,
        jsonl: `${root}/events.jsonl${search === '' ? '' : `?${search}`}`,
      },
    });
    return page(mistakes.length > 0 ? 400 : 200, html);
  });
}

/** `/admin/audit/events.csv` and `.jsonl`: all that the same search finds. */
export function createAuditExport(deps: AdminDeps, ending: keyof typeof AUDIT_FORMATS): Handler {
  const format = AUDIT_FORMATS[ending];
  return adminPage(deps, async (request, admin) => {
    const { filter, mistakes } = readAuditSearch(request.query);
    if (mistakes.length > 0)
      return page(400, mistakes.map(({ sentence }) => sentence).join(' '), { 'content-type': 'text/plain; charset=utf-8' });
    const { user } = admin;
    await deps.audit.record({ action: 'audit.exported', actor: user.name, address: request.address, detail: `as ${ending}` });
    async function* chunks(): AsyncGenerator<Uint8Array> {
      if (format.head !== '') yield Buffer.from(format.head);
      for await (const events of readAudit(deps.auditStore, filter)) yield Buffer.from(format.write(events));
    }
    const day = deps.clock.now().toISOString().slice(0, 10);
    return {
      status: 200,
      headers: {
        'content-type': format.mediaType,
        'content-disposition': `attachment; filename="audit-${day}.${ending}"`,
        'cache-control': 'no-store',
      },
      body: { bytes: null, chunks },
    };
  });
}
