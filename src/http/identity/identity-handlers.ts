import type { AccessDeps } from '../access/access-deps.ts';
import type { Handler } from '../server/exchange.ts';
import { createIdentityCallback } from './callback.ts';
import { createIdentityLogout } from './logout.ts';
import { createIdentityMetadata } from './metadata.ts';
import { createIdentityStart } from './start.ts';

export interface IdentityHandlers {
  readonly identityStart: Handler;
  readonly identityCallback: Handler;
  readonly identityLogout: Handler;
  readonly identityMetadata: Handler;
}

export function createIdentityHandlers(deps: AccessDeps): IdentityHandlers {
  return {
    identityStart: createIdentityStart(deps),
    identityCallback: createIdentityCallback(deps),
    identityLogout: createIdentityLogout(deps),
    identityMetadata: createIdentityMetadata(deps),
  };
}
