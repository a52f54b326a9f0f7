import { itemServiceName } from '../../domain/item-service.ts';
import { TOKENS_SERVICE } from '../../domain/personal-token.ts';
import { nobody, type Visitor } from '../../domain/visitor.ts';

/** Somebody who is not here, as an administrator describes them. */
export interface ImaginedVisitor {
  /** Null for nobody in particular. */
  readonly user: Visitor['user'];
  /** Names of access services that were gone through; with `tokens` a script comes, with a personal access token. */
  readonly services: readonly string[];
  /** Access services for which the machine is registered. */
  readonly devices: readonly string[];
  /** `''` for nowhere in particular. */
  readonly address: string;
}

/**
 * The visitor as `recogniseVisitor` would recognise them, at the item at this path: what is got for each item, is got for
 * this one. A seat is taken to be theirs: what the policies say does not hang on who reads at this moment.
 */
export function imagineVisitor({ user, services, devices, address }: ImaginedVisitor, path: string): Visitor {
  if (services.includes(TOKENS_SERVICE)) {
    // A token is always somebody's, opens nothing else, and takes no seat.
    return user === null ? nobody(address) : { ...nobody(address), by: 'personal-token', user, services: new Set([TOKENS_SERVICE]) };
  }
  const been = new Set(services.flatMap((name) => [name, itemServiceName(name, path)]));
  const by = user === null && been.size === 0 ? 'nobody' : 'access-cookie';
  return { ...nobody(address), by, user, services: been, devices: new Set(devices), seats: new Set([path]) };
}
