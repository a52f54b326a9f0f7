import type { Admin, AdminSessionDeps } from './find-admin.ts';

/** Ends a session of the administrator's own, by its id; nobody else's. */
export async function endOwnAdminSession(
  deps: AdminSessionDeps,
  { user }: Admin,
  given: { readonly session: string; readonly address: string },
): Promise<void> {
  const session = (await deps.adminSessions.list(user.id)).find(({ id }) => id === given.session);
  if (session === undefined || !(await deps.adminSessions.remove(session.id))) return;
  await deps.audit.record({ action: 'session.ended', actor: user.name, address: given.address, target: user.name });
}
