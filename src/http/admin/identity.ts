import type { User } from '../../domain/session.ts';
import { type KnownSource, sourcesOf } from '../../domain/sign-on.ts';
import { describeTest, newTestLink } from '../../flows/test-source.ts';
import { chooseTexts } from '../../iiif/auth/language.ts';
import { type IdentitySourceShown, identityPage } from '../../ui/admin/pages/identity.ts';
import { adminIdentityTestPage } from '../../ui/admin/pages/identity-test.ts';
import { noticeReply, rootOf } from '../access/access-page.ts';
import { identityAddresses } from '../identity/identity-addresses.ts';
import { startHref } from '../identity/sign-on-target.ts';
import type { Handler, HttpRequest } from '../server/exchange.ts';
import { page } from '../server/reply.ts';
import type { AdminDeps } from './admin-deps.ts';
import { adminForm, adminFrame, adminPage, formToken } from './guard.ts';

const PATH = '/admin/identity';
const PURPOSE = 'test of an identity source';

/** `/admin/identity`: the sources, what the other side must know of us, and a test of each. */
export function createIdentityPage(deps: AdminDeps): Handler {
  return adminPage(deps, async (request, admin) => {
    const users = await deps.users.list();
    const shown = [...deps.identitySources().values()].map((known) => sourceShown(deps, request, known, users));
    return page(200, identityPage(adminFrame(deps, request, admin), shown));
  });
}

/** A test of a source that takes name and password. */
export function createSubmitIdentityTest(deps: AdminDeps): Handler {
  return adminForm(deps, { purpose: PURPOSE }, async (request, admin, form) => {
    const known = deps.identitySources().get(form.get('source') ?? '');
    if (known?.source.flow !== 'password') return noticeReply(request, 'not-found');
    const outcome = await known.source.check(form.get('user') ?? '', form.get('password') ?? '');
    const test = await describeTest(deps, known, outcome);
    const detail = test.outcome.kind === 'refused' ? test.outcome.code : 'identified';
    await deps.audit.record({ action: 'identity.tested', actor: admin.user.name, address: request.address, target: known.name, detail });
    return page(200, adminIdentityTestPage(adminFrame(deps, request, admin), test, rootOf(request) + PATH));
  });
}

function sourceShown(deps: AdminDeps, request: HttpRequest, known: KnownSource, users: readonly User[]): IdentitySourceShown {
  const { name, type, label, rules, source } = known;
  const own = users.filter((user) => user.source === name);
  const last = Math.max(...own.map(({ lastSignInAt }) => lastSignInAt?.getTime() ?? 0));
  const services = [...deps.access().services.values()].filter(
    (service) => service.pattern === 'login' && sourcesOf(service).includes(name),
  );
  const addresses = source.flow === 'redirect' ? identityAddresses(deps, request, name) : null;
  const metadata = addresses !== null && source.flow === 'redirect' && source.describe(addresses) !== null ? addresses.metadata : null;
  return {
    name,
    type,
    label: chooseTexts(label, ['en']).join(' '),
    services: services.map((service) => service.name),
    rules: rules.length,
    users: own.length,
    lastSignInAt: last > 0 ? new Date(last) : null,
    addresses:
      addresses === null
        ? []
        : [
            { label: 'Callback', address: addresses.callback },
            { label: 'Logout', address: addresses.logout },
            { label: 'After a sign-out', address: `${request.base}/` },
          ],
    metadata,
    test:
      source.flow === 'password'
        ? { kind: 'form', action: rootOf(request) + PATH, formToken: formToken(deps, request, PURPOSE) }
        : { kind: 'link', href: startHref(rootOf(request), name, { kind: 'test', link: newTestLink(deps, name) }, null) },
  };
}
