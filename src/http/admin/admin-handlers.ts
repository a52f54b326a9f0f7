import { createGuessLimits } from '../../flows/limit-guesses.ts';
import { createFormGuard } from '../access/form-guard.ts';
import type { Handler } from '../server/exchange.ts';
import type { AdminParts } from './admin-deps.ts';
import { createFirstPage, createSubmitFirstPage } from './first.ts';
import { createOverview } from './overview.ts';
import { createAdminSignIn, createSubmitAdminSignIn, createSubmitAdminSignOut } from './sign-in.ts';
import { createSubmitOwnPassword, createSubmitOwnSession, createYou } from './you.ts';

/** One handler for each row of `admin-routes.ts`. */
export interface AdminHandlers {
  readonly overview: Handler;
  readonly signIn: Handler;
  readonly submitSignIn: Handler;
  readonly submitSignOut: Handler;
  readonly first: Handler;
  readonly submitFirst: Handler;
  readonly you: Handler;
  readonly submitOwnPassword: Handler;
  readonly submitOwnSession: Handler;
}

/** The pages of administrators, from their parts. The stores are the ones that all else uses, so that a change counts at once. */
export function createAdmin(parts: AdminParts): AdminHandlers {
  const deps = { ...parts, guesses: createGuessLimits(parts), forms: createFormGuard(parts) };
  return {
    overview: createOverview(deps),
    signIn: createAdminSignIn(deps),
    submitSignIn: createSubmitAdminSignIn(deps),
    submitSignOut: createSubmitAdminSignOut(deps),
    first: createFirstPage(deps),
    submitFirst: createSubmitFirstPage(deps),
    you: createYou(deps),
    submitOwnPassword: createSubmitOwnPassword(deps),
    submitOwnSession: createSubmitOwnSession(deps),
  };
}
