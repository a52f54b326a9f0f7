import { refuse } from '../../lib/problems.ts';
import { type AccessVersionPage, accessVersionPage, accessVersionsPage } from '../../ui/admin/pages/access-versions.ts';
import { rootOf } from '../access/access-page.ts';
import type { Handler } from '../server/exchange.ts';
import { page, problem } from '../server/reply.ts';
import { ACCESS_PURPOSE } from './access-editor.ts';
import type { AdminDeps } from './admin-deps.ts';
import { adminFrame, adminPage, formToken } from './guard.ts';

const VERSIONS_OF_A_PAGE = 50;
const NUMBER = /^[1-9]\d{0,8}$/;

/** `/admin/access/versions?before=7` */
export function createAccessVersions(deps: AdminDeps): Handler {
  return adminPage(deps, async (request, admin) => {
    await deps.accessKeeper?.notice();
    const before = numberIn(request.query.get('before')) ?? undefined;
    const found = await deps.accessVersions.list({ before, limit: VERSIONS_OF_A_PAGE + 1 });
    const shown = { versions: found.slice(0, VERSIONS_OF_A_PAGE), more: found.length > VERSIONS_OF_A_PAGE };
    return page(200, accessVersionsPage(adminFrame(deps, request, admin), shown));
  });
}

/** `/admin/access/versions/7?against=3`, or against the file as it is `now`. */
export function createAccessVersion(deps: AdminDeps): Handler {
  return adminPage(deps, async (request, admin) => {
    const number = numberIn(request.params['number'] ?? null);
    const version = number === null ? null : await deps.accessVersions.find(number);
    if (version === null) return problem(refuse('not-found', 'There is no such version.'));
    const now = (await deps.accessKeeper?.file.read()) ?? null;
    const current = now !== null && deps.randomness.hash(now) === version.digest;
    const earlier = version.number - 1;
    const against = request.query.get('against') ?? String(earlier);
    const others: AccessVersionPage['others'] = [
      ...(earlier > 0 && against !== String(earlier) ? [{ label: `version ${earlier}`, query: String(earlier) }] : []),
      ...(now !== null && !current && against !== 'now' ? [{ label: 'the file as it is now', query: 'now' }] : []),
    ];
    const html = accessVersionPage(adminFrame(deps, request, admin), {
      version,
      against: await findOther(deps, against, now),
      others,
      current: current || now === null,
      action: `${rootOf(request)}/admin/access/preview`,
      formToken: formToken(deps, request, ACCESS_PURPOSE),
    });
    return page(200, html);
  });
}

async function findOther(deps: AdminDeps, against: string, now: string | null): Promise<AccessVersionPage['against']> {
  if (against === 'now') return now === null ? null : { label: 'the file as it is now', text: now };
  const number = numberIn(against);
  const other = number === null ? null : await deps.accessVersions.find(number);
  return other === null ? null : { label: `version ${other.number}`, text: other.text };
}

function numberIn(text: string | null): number | null {
  return text !== null && NUMBER.test(text) ? Number(text) : null;
}
