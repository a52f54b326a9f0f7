import { applyImport } from '../../flows/admin/apply-import.ts';
import { exportPeople } from '../../flows/admin/export-people.ts';
import { MOST_CSV_BYTES, MOST_CSV_PEOPLE, readPeopleCsv } from '../../flows/admin/people-csv.ts';
import { changes, type ImportPlan, planImport } from '../../flows/admin/plan-import.ts';
import { planInWords } from '../../flows/admin/plan-in-words.ts';
import { type ImportPage, importedPage, importPage, importPlanPage } from '../../ui/admin/pages/import.ts';
import { rootOf } from '../access/access-page.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { page } from '../server/reply.ts';
import type { AdminDeps } from './admin-deps.ts';
import { doerOf } from './doer.ts';
import { type Admin, adminForm, adminFrame, adminPage, formToken } from './guard.ts';
import { readQuery } from './users.ts';

const PURPOSE = 'import users';
/** A file as it is sent back: each of its bytes may take three. */
const FORM_BYTES = MOST_CSV_BYTES * 3 + 64 * 1024;

/** `/admin/users/export.csv`: those who are searched for, all pages. */
export function createUsersExport(deps: AdminDeps): Handler {
  return adminPage(deps, async (request, admin) => ({
    status: 200,
    headers: {
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="users.csv"',
      'cache-control': 'no-store',
    },
    body: await exportPeople(deps, doerOf(request, admin), readQuery(request.query)),
  }));
}

/** `/admin/users/import` */
export function createUsersImport(deps: AdminDeps): Handler {
  return adminPage(deps, async (request, admin) => importReply(deps, request, admin, []));
}

/** Shows what the file would do. */
export function createSubmitUsersImport(deps: AdminDeps): Handler {
  return adminForm(deps, { purpose: PURPOSE, mostBytes: FORM_BYTES }, async (request, admin, form) => {
    const csv = form.get('file') ?? '';
    const plan = await planOf(deps, request, admin, csv);
    return 'status' in plan ? plan : planReply(deps, request, admin, { plan, csv, isOther: false });
  });
}

/** `/admin/users/import/apply`: does what was shown, or shows what it would be now. */
export function createApplyUsersImport(deps: AdminDeps): Handler {
  return adminForm(deps, { purpose: PURPOSE, recent: true, mostBytes: FORM_BYTES }, async (request, admin, form) => {
    const csv = form.get('csv') ?? '';
    const plan = await planOf(deps, request, admin, csv);
    if ('status' in plan) return plan;
    if (plan.digest !== form.get('digest')) return planReply(deps, request, admin, { plan, csv, isOther: true });
    const imported = await applyImport(deps, doerOf(request, admin), plan);
    const invitations = imported.invitations.map(({ name, email, link }) => ({
      name,
      email,
      link: request.base + link.path,
      endsAt: link.endsAt,
    }));
    return page(200, importedPage(adminFrame(deps, request, admin), { ...imported, invitations }));
  });
}

/** The plan, or the page that says what is wrong with the file. */
async function planOf(deps: AdminDeps, request: HttpRequest, admin: Admin, csv: string): Promise<ImportPlan | Reply> {
  const file = readPeopleCsv(csv);
  if (!file.ok) return importReply(deps, request, admin, file.mistakes);
  const plan = await planImport(deps, doerOf(request, admin), file.people);
  return plan.mistakes.length > 0 ? importReply(deps, request, admin, plan.mistakes) : plan;
}

function importReply(deps: AdminDeps, request: HttpRequest, admin: Admin, mistakes: ImportPage['mistakes']): Reply {
  const html = importPage(adminFrame(deps, request, admin), {
    action: `${rootOf(request)}/admin/users/import`,
    formToken: formToken(deps, request, PURPOSE),
    limits: { kilobytes: MOST_CSV_BYTES / 1024, people: MOST_CSV_PEOPLE },
    mistakes,
  });
  return page(mistakes.length === 0 ? 200 : 400, html);
}

function planReply(
  deps: AdminDeps,
  request: HttpRequest,
  admin: Admin,
  { plan, csv, isOther }: { readonly plan: ImportPlan; readonly csv: string; readonly isOther: boolean },
): Reply {
  const changing = plan.lines.filter(changes);
  const added = changing.filter(({ user }) => user === null).length;
  const html = importPlanPage(adminFrame(deps, request, admin), {
    action: `${rootOf(request)}/admin/users/import/apply`,
    formToken: formToken(deps, request, PURPOSE),
    csv,
    digest: plan.digest,
    lines: changing.map((planned) => ({ line: planned.line, name: planned.name, words: planInWords(planned) })),
    added,
    changed: changing.length - added,
    same: plan.lines.length - changing.length,
    isOther,
  });
  return page(isOther ? 409 : 200, html);
}
