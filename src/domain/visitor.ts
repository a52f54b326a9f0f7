import type { GrantedItems } from './item-grant.ts';
import type { SessionId } from './session.ts';

/** Whoever asks, known or not. */
export interface Visitor {
  /** The address after trusted proxies, without a port. */
  readonly address: string;
  /** How the visitor was recognised; `nobody` where no cookie or token was valid. */
  readonly by: 'nobody' | 'session-cookie' | 'access-cookie' | 'access-token' | 'signed-path' | 'personal-token';
  readonly sessionId: SessionId | null;
  readonly user: {
    readonly name: string;
    readonly roles: readonly string[];
    /** What this person was granted beside the policies, ended ones too. */
    readonly itemGrants: readonly GrantedItems[];
  } | null;
  /** Names of the access services that this visitor has been through. With an access token or a signed path: the one service of it. With a personal token: `tokens` alone. */
  readonly services: ReadonlySet<string>;
  /** Names of the access services that this browser opens as a registered device. With the token of a device: the one service of it. */
  readonly devices: ReadonlySet<string>;
  /** Paths of the items of which the visitor holds a seat. Absent: none. */
  readonly seats?: ReadonlySet<string>;
  /** Origins of the viewers that sent this visitor to an access service: the ones that may read answers with credentials. */
  readonly origins: ReadonlySet<string>;
}

export function nobody(address: string): Visitor {
  return { address, by: 'nobody', sessionId: null, user: null, services: new Set(), devices: new Set(), origins: new Set() };
}
