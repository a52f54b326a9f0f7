import { setTimeout } from 'node:timers/promises';
import type { Visitor } from '../../domain/visitor.ts';
import { createGuessLimits } from '../../flows/limit-guesses.ts';
import { type Purpose, recogniseVisitor } from '../../flows/recognise-visitor.ts';
import { createSeating, type Seating } from '../../flows/take-seat.ts';
import { createIdentityHandlers, type IdentityHandlers } from '../identity/identity-handlers.ts';
import type { Handler, HttpRequest } from '../server/exchange.ts';
import type { AccessDeps, AccessParts } from './access-deps.ts';
import { createAccessService, createSubmitAccessService } from './access-service.ts';
import { createDevicePage, createSubmitDevicePage } from './device-page.ts';
import { createFormGuard } from './form-guard.ts';
import { createLogoutService } from './logout.ts';
import { createPasswordLink, createSubmitPasswordLink } from './password-link.ts';
import { createProbeService } from './probe-service.ts';
import { createSessionPage, createSubmitSessionPage } from './session-page.ts';
import { createSignIn, createSubmitSignIn } from './sign-in.ts';
import { createSignOut, createSubmitSignOut } from './sign-out.ts';
import { createSignedPaths, type SignedPaths } from './signed-paths.ts';
import { createTokenService } from './token-service.ts';
import { createSubmitTokensPage, createTokensPage } from './tokens-page.ts';

export interface AccessHandlers extends IdentityHandlers {
  readonly accessService: Handler;
  readonly submitAccessService: Handler;
  readonly tokenService1: Handler;
  readonly tokenService2: Handler;
  readonly probeService: Handler;
  readonly logoutService: Handler;
  readonly signIn: Handler;
  readonly submitSignIn: Handler;
  readonly signOut: Handler;
  readonly submitSignOut: Handler;
  readonly invitation: Handler;
  readonly submitInvitation: Handler;
  readonly reset: Handler;
  readonly submitReset: Handler;
  readonly devicePage: Handler;
  readonly submitDevicePage: Handler;
  readonly sessionPage: Handler;
  readonly submitSessionPage: Handler;
  readonly tokensPage: Handler;
  readonly submitTokensPage: Handler;
}

export interface Access {
  readonly handlers: AccessHandlers;
  /** For every other handler: who asks. */
  recognise(request: HttpRequest, purpose: Purpose): Promise<Visitor>;
  readonly signed: SignedPaths;
  readonly seating: Seating;
}

/**
 * Everything for people and access, from its parts. Where the stores keep sessions and users in memory, everything else
 * must use the same ones, so that a sign-out counts at once.
 */
export function createAccess(parts: AccessParts): Access {
  const deps = assemble(parts);
  return {
    recognise: deps.recognise,
    signed: deps.signed,
    seating: deps.seating,
    handlers: {
      accessService: createAccessService(deps),
      submitAccessService: createSubmitAccessService(deps),
      tokenService1: createTokenService(1, deps),
      tokenService2: createTokenService(2, deps),
      probeService: createProbeService(deps),
      logoutService: createLogoutService(deps),
      signIn: createSignIn(deps),
      submitSignIn: createSubmitSignIn(deps),
      signOut: createSignOut(deps),
      submitSignOut: createSubmitSignOut(deps),
      invitation: createPasswordLink(deps, 'invitation'),
      submitInvitation: createSubmitPasswordLink(deps, 'invitation'),
      reset: createPasswordLink(deps, 'reset'),
      submitReset: createSubmitPasswordLink(deps, 'reset'),
      devicePage: createDevicePage(deps),
      submitDevicePage: createSubmitDevicePage(deps),
      sessionPage: createSessionPage(deps),
      submitSessionPage: createSubmitSessionPage(deps),
      ...createIdentityHandlers(deps),
      tokensPage: createTokensPage(deps),
      submitTokensPage: createSubmitTokensPage(deps),
    },
  };
}

function assemble(parts: AccessParts): AccessDeps {
  return {
    ...parts,
    guesses: createGuessLimits(parts),
    forms: createFormGuard(parts),
    seating: createSeating(parts),
    versionOf: parts.versionOf ?? (() => 3),
    onFailure: parts.onFailure ?? (() => {}),
    wait: parts.wait ?? waitUntil,
    signed: createSignedPaths(parts),
    async recognise(request, purpose) {
      const visitor = await recogniseVisitor(
        parts,
        {
          cookies: request.cookies,
          authorization: request.header('authorization'),
          origin: request.header('origin'),
          address: request.address,
        },
        purpose,
      );
      parts.onRecognised?.(request, visitor);
      return visitor;
    },
  };
}

async function waitUntil(milliseconds: number, signal: AbortSignal): Promise<void> {
  // The reader has gone: there is nobody to hold back.
  await setTimeout(milliseconds, undefined, { signal }).catch(() => {});
}
