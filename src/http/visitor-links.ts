import type { AccessModel } from '../domain/access.ts';
import type { Visitor } from '../domain/visitor.ts';
import { rootPath } from '../ui/document.ts';
import type { VisitorLinks } from '../ui/pages/front.ts';
import type { HttpRequest } from './exchange.ts';

/** What the header of our pages offers: signing in where somebody can, and coming back here; where there is a session, what it holds, and signing out. */
export function linksFor(visitor: Visitor, access: AccessModel, request: Pick<HttpRequest, 'base' | 'path'>): VisitorLinks {
  const root = rootPath(request.base);
  const back = request.path === '/' ? '' : `?return=${encodeURIComponent(request.path)}`;
  const canSignIn = [...access.services.values()].some(
    ({ pattern, networks }) => pattern === 'login' || (pattern === 'external' && networks.length === 0),
  );
  return {
    userName: visitor.user?.name ?? null,
    signIn: canSignIn && visitor.user === null ? `${root}/sign-in${back}` : null,
    session: visitor.sessionId === null ? null : `${root}/session`,
    signOut: visitor.sessionId === null ? null : `${root}/sign-out`,
  };
}
