import type { OneTimeIds } from '../../src/domain/identity.ts';

/** In memory. */
export function createOneTimeIds(): OneTimeIds {
  const spent = new Set<string>();
  return {
    async spend(id) {
      if (spent.has(id)) return false;
      spent.add(id);
      return true;
    },
  };
}
