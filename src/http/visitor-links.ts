import type { AccessModel } from '../domain/access.ts';
import type { Visitor } from '../domain/visitor.ts';
import { rootPath } from '../ui/document.ts';
import type { VisitorLinks } from '../ui/pages/front.ts';

/** What the header of our pages offers: signing in where somebody can, signing out where there is a session. */
export function linksFor(visitor: Visitor, access: AccessModel, base: string): VisitorLinks {
  const root = rootPath(base);
  const canSignIn = [...access.services.values()].some(({ pattern }) => pattern === 'login');
  return {
    userName: visitor.user?.name ?? null,
    signIn: canSignIn && visitor.user === null ? `${root}/sign-in` : null,
    signOut: visitor.sessionId === null ? null : `${root}/sign-out`,
  };
}
