import type { Handler } from '../server/exchange.ts';
import type { Route } from '../server/router.ts';
import type { AdminHandlers } from './admin-handlers.ts';

/** Every URL below `/admin`. */
export function adminRoutes(handlers: AdminHandlers): readonly Route[] {
  const get = (path: string, handler: Handler): Route => ({ methods: ['GET'], path, reader: 'person', handler });
  const post = (path: string, handler: Handler): Route => ({ methods: ['POST'], path, reader: 'person', handler });
  const form = (path: string, show: Handler, submit: Handler): Route => ({
    methods: ['GET', 'POST'],
    path,
    reader: 'person',
    handler: (request) => (request.method === 'POST' ? submit(request) : show(request)),
  });
  return [
    get('/admin', handlers.overview),
    form('/admin/sign-in', handlers.signIn, handlers.submitSignIn),
    post('/admin/sign-in/passkey', handlers.submitPasskeySignIn),
    form('/admin/sign-in/second-factor', handlers.secondFactorStep, handlers.submitSecondFactorStep),
    post('/admin/sign-out', handlers.submitSignOut),
    form('/admin/first/:secret', handlers.first, handlers.submitFirst),

    get('/admin/sessions', handlers.sessions),
    post('/admin/sessions/end', handlers.submitEndSession),
    post('/admin/sessions/end-all', handlers.submitEndAllSessions),

    get('/admin/audit', handlers.audit),
    get('/admin/audit/events.csv', handlers.auditCsv),
    get('/admin/audit/events.jsonl', handlers.auditJsonLines),
    get('/admin/items', handlers.items),
    get('/admin/items/at', handlers.item),
    get('/admin/items/thumbnail', handlers.itemThumbnail),

    get('/admin/access', handlers.access),
    post('/admin/access/preview', handlers.previewAccess),
    post('/admin/access/save', handlers.saveAccess),
    get('/admin/access/versions', handlers.accessVersions),
    get('/admin/access/versions/:number', handlers.accessVersion),

    form('/admin/shadow', handlers.shadow, handlers.submitShadowClear),

    form('/admin/tokens', handlers.tokens, handlers.submitToken),
    post('/admin/tokens/revoke', handlers.submitRevokeToken),
    get('/admin/users', handlers.users),
    form('/admin/users/new', handlers.newUser, handlers.submitNewUser),
    get('/admin/users/export.csv', handlers.usersExport),
    form('/admin/users/import', handlers.usersImport, handlers.submitUsersImport),
    post('/admin/users/import/apply', handlers.applyUsersImport),
    get('/admin/users/:id', handlers.userPage),
    post('/admin/users/:id/details', handlers.submitUserDetails),
    post('/admin/users/:id/roles', handlers.submitUserRoles),
    post('/admin/users/:id/link', handlers.submitUserLink),
    post('/admin/users/:id/sessions', handlers.submitUserSessions),
    post('/admin/users/:id/disable', handlers.submitUserDisable),
    post('/admin/users/:id/enable', handlers.submitUserEnable),
    post('/admin/users/:id/remove', handlers.submitUserRemove),
    get('/admin/roles', handlers.roles),

    form('/admin/identity', handlers.identity, handlers.submitIdentityTest),

    form('/admin/grants', handlers.grants, handlers.submitGrant),
    get('/admin/grants/:id', handlers.grant),
    post('/admin/grants/:id/until', handlers.submitGrantEnd),
    post('/admin/grants/:id/end', handlers.submitGrantRemoval),
    get('/admin/requests', handlers.requests),
    get('/admin/requests/:id', handlers.request),
    post('/admin/requests/:id/grant', handlers.submitRequestGrant),
    post('/admin/requests/:id/decline', handlers.submitRequestDecline),

    get('/admin/you', handlers.you),
    post('/admin/you/password', handlers.submitOwnPassword),
    post('/admin/you/sessions', handlers.submitOwnSession),
    form('/admin/you/app', handlers.addApp, handlers.submitApp),
    form('/admin/you/passkey', handlers.addPasskey, handlers.submitPasskey),
    post('/admin/you/factors', handlers.submitOwnFactor),
    post('/admin/you/recovery-codes', handlers.submitRecoveryCodes),
    form('/admin/second-factors', handlers.secondFactors, handlers.submitSecondFactors),
  ];
}
