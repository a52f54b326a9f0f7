import type { Decision } from './access.ts';
import { tellingOf } from './when-locked.ts';

/** Whether an item may be named in lists: folders, manifests of folders, collections. */
export function mayBeListed(decision: Decision): boolean {
  return tellingOf(decision).listed;
}
