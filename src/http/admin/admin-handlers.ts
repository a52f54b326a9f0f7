import type { User } from '../../domain/session.ts';
import { createGuessLimits } from '../../flows/limit-guesses.ts';
import { createFormGuard } from '../access/form-guard.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { createAccessEditor, createPreviewAccess, createSaveAccess } from './access.ts';
import { createAccessVersion, createAccessVersions } from './access-versions.ts';
import type { AdminDeps, AdminParts } from './admin-deps.ts';
import { admit } from './admit.ts';
import { createAuditExport, createAuditPage } from './audit.ts';
import { createFirstPage, createSubmitFirstPage } from './first.ts';
import { createGrantDetail, createGrantList, createSubmitGrant, createSubmitGrantEnd, createSubmitGrantRemoval } from './grants.ts';
import { createIdentityPage, createSubmitIdentityTest } from './identity.ts';
import { createItemThumbnail } from './item-thumbnail.ts';
import { createItemPage, createItemsPage } from './items.ts';
import { createOverview } from './overview.ts';
import {
  createAddApp,
  createAddPasskey,
  createSubmitApp,
  createSubmitOwnFactor,
  createSubmitPasskey,
  createSubmitRecoveryCodes,
} from './own-factors.ts';
import { createRequestDetail, createRequestList, createSubmitRequestDecline, createSubmitRequestGrant } from './requests.ts';
import { createRolesPage } from './roles.ts';
import { createSecondFactorStep, createSubmitSecondFactorStep } from './second-factor-step.ts';
import { createSecondFactors, createSubmitSecondFactors } from './second-factors.ts';
import { createSessionsPage, createSubmitEndAllSessions, createSubmitEndSession } from './sessions.ts';
import { createShadowPage, createSubmitShadowClear } from './shadow.ts';
import { createAdminSignIn, createSubmitAdminSignIn, createSubmitAdminSignOut, createSubmitPasskeySignIn } from './sign-in.ts';
import { createAdminTokens, createSubmitAdminToken, createSubmitRevokeToken } from './tokens.ts';
import { createUserHandlers, type UserHandlers } from './user.ts';
import { createNewUser, createSubmitNewUser, createUsersPage } from './users.ts';
import { createApplyUsersImport, createSubmitUsersImport, createUsersExport, createUsersImport } from './users-csv.ts';
import { createSubmitOwnPassword, createSubmitOwnSession, createYou } from './you.ts';

/** One handler for each row of `admin-routes.ts`. */
export interface AdminHandlers extends UserHandlers {
  readonly users: Handler;
  readonly usersExport: Handler;
  readonly usersImport: Handler;
  readonly submitUsersImport: Handler;
  readonly applyUsersImport: Handler;
  readonly newUser: Handler;
  readonly submitNewUser: Handler;
  readonly roles: Handler;
  readonly overview: Handler;
  readonly signIn: Handler;
  readonly submitSignIn: Handler;
  readonly submitPasskeySignIn: Handler;
  readonly secondFactorStep: Handler;
  readonly submitSecondFactorStep: Handler;
  readonly submitSignOut: Handler;
  readonly first: Handler;
  readonly submitFirst: Handler;
  readonly sessions: Handler;
  readonly submitEndSession: Handler;
  readonly submitEndAllSessions: Handler;
  readonly audit: Handler;
  readonly auditCsv: Handler;
  readonly auditJsonLines: Handler;
  readonly tokens: Handler;
  readonly submitToken: Handler;
  readonly submitRevokeToken: Handler;
  readonly items: Handler;
  readonly item: Handler;
  readonly itemThumbnail: Handler;
  readonly access: Handler;
  readonly previewAccess: Handler;
  readonly saveAccess: Handler;
  readonly accessVersions: Handler;
  readonly accessVersion: Handler;
  readonly shadow: Handler;
  readonly submitShadowClear: Handler;
  readonly identity: Handler;
  readonly submitIdentityTest: Handler;
  readonly grants: Handler;
  readonly submitGrant: Handler;
  readonly grant: Handler;
  readonly submitGrantEnd: Handler;
  readonly submitGrantRemoval: Handler;
  readonly requests: Handler;
  readonly request: Handler;
  readonly submitRequestGrant: Handler;
  readonly submitRequestDecline: Handler;
  readonly you: Handler;
  readonly submitOwnPassword: Handler;
  readonly submitOwnSession: Handler;
  readonly addApp: Handler;
  readonly submitApp: Handler;
  readonly addPasskey: Handler;
  readonly submitPasskey: Handler;
  readonly submitOwnFactor: Handler;
  readonly submitRecoveryCodes: Handler;
  readonly secondFactors: Handler;
  readonly submitSecondFactors: Handler;
}

export interface Administration {
  readonly handlers: AdminHandlers;
  /** On with somebody who was recognised elsewhere, to the second factor or to the page `back`. */
  admit(request: HttpRequest, user: User, back: string): Promise<Reply>;
}

/** The pages of administrators, from their parts. The stores are the ones that all else uses, so that a change counts at once. */
export function createAdmin(parts: AdminParts): Administration {
  const deps = { ...parts, guesses: createGuessLimits(parts), forms: createFormGuard(parts) };
  return { handlers: createHandlers(deps), admit: (request, user, back) => admit(deps, request, user, back) };
}

function createHandlers(deps: AdminDeps): AdminHandlers {
  return {
    overview: createOverview(deps),
    users: createUsersPage(deps),
    usersExport: createUsersExport(deps),
    usersImport: createUsersImport(deps),
    submitUsersImport: createSubmitUsersImport(deps),
    applyUsersImport: createApplyUsersImport(deps),
    newUser: createNewUser(deps),
    submitNewUser: createSubmitNewUser(deps),
    ...createUserHandlers(deps),
    roles: createRolesPage(deps),
    signIn: createAdminSignIn(deps),
    submitSignIn: createSubmitAdminSignIn(deps),
    submitPasskeySignIn: createSubmitPasskeySignIn(deps),
    secondFactorStep: createSecondFactorStep(deps),
    submitSecondFactorStep: createSubmitSecondFactorStep(deps),
    submitSignOut: createSubmitAdminSignOut(deps),
    first: createFirstPage(deps),
    submitFirst: createSubmitFirstPage(deps),
    sessions: createSessionsPage(deps),
    submitEndSession: createSubmitEndSession(deps),
    submitEndAllSessions: createSubmitEndAllSessions(deps),
    audit: createAuditPage(deps),
    auditCsv: createAuditExport(deps, 'csv'),
    auditJsonLines: createAuditExport(deps, 'jsonl'),
    tokens: createAdminTokens(deps),
    submitToken: createSubmitAdminToken(deps),
    submitRevokeToken: createSubmitRevokeToken(deps),
    items: createItemsPage(deps),
    item: createItemPage(deps),
    itemThumbnail: createItemThumbnail(deps),
    access: createAccessEditor(deps),
    previewAccess: createPreviewAccess(deps),
    saveAccess: createSaveAccess(deps),
    accessVersions: createAccessVersions(deps),
    accessVersion: createAccessVersion(deps),
    shadow: createShadowPage(deps),
    submitShadowClear: createSubmitShadowClear(deps),
    identity: createIdentityPage(deps),
    submitIdentityTest: createSubmitIdentityTest(deps),
    grants: createGrantList(deps),
    submitGrant: createSubmitGrant(deps),
    grant: createGrantDetail(deps),
    submitGrantEnd: createSubmitGrantEnd(deps),
    submitGrantRemoval: createSubmitGrantRemoval(deps),
    requests: createRequestList(deps),
    request: createRequestDetail(deps),
    submitRequestGrant: createSubmitRequestGrant(deps),
    submitRequestDecline: createSubmitRequestDecline(deps),
    you: createYou(deps),
    submitOwnPassword: createSubmitOwnPassword(deps),
    submitOwnSession: createSubmitOwnSession(deps),
    addApp: createAddApp(deps),
    submitApp: createSubmitApp(deps),
    addPasskey: createAddPasskey(deps),
    submitPasskey: createSubmitPasskey(deps),
    submitOwnFactor: createSubmitOwnFactor(deps),
    submitRecoveryCodes: createSubmitRecoveryCodes(deps),
    secondFactors: createSecondFactors(deps),
    submitSecondFactors: createSubmitSecondFactors(deps),
  };
}
