import type { Decision } from './access.ts';

/** Whether a picture may be named in lists: folders, manifests of folders, collections. Of what nobody can open nothing is told. */
export function mayBeListed({ outcome }: Decision): boolean {
  return outcome !== 'refused';
}
