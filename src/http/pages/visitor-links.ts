import type { AccessModel } from '../../domain/access.ts';
import { isAdministrator } from '../../domain/administrator.ts';
import { isBoundToAPlace } from '../../domain/authorizing-aspect.ts';
import type { Visitor } from '../../domain/visitor.ts';
import { rootPath } from '../../ui/document.ts';
import type { VisitorLinks } from '../../ui/pages/front.ts';
import type { HttpRequest } from '../server/exchange.ts';

/** What the header of our pages offers: signing in where somebody can, and coming back here; where there is a session, what it holds, and signing out; to administrators, their pages, which ask them to sign in once more. */
export function linksFor(visitor: Visitor, access: AccessModel, request: Pick<HttpRequest, 'base' | 'path'>): VisitorLinks {
  const root = rootPath(request.base);
  const back = request.path === '/' ? '' : `?return=${encodeURIComponent(request.path)}`;
  const canSignIn = [...access.services.values()].some(
    (service) => service.pattern === 'login' || (service.pattern === 'external' && !isBoundToAPlace(service)),
  );
  return {
    userName: visitor.user?.name ?? null,
    signIn: canSignIn && visitor.user === null ? `${root}/sign-in${back}` : null,
    session: visitor.sessionId === null ? null : `${root}/session`,
    signOut: visitor.sessionId === null ? null : `${root}/sign-out`,
    administration: visitor.user !== null && isAdministrator(visitor.user) ? `${root}/admin` : null,
  };
}
