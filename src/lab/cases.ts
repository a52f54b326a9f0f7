import { KIND_CASES } from './cases/kinds.ts';
import { MANIFEST_CASES } from './cases/manifests.ts';
import { PATTERN_CASES } from './cases/patterns.ts';
import { PROBE_CASES } from './cases/probe.ts';
import { TIER_CASES } from './cases/tiers.ts';
import { TOKEN_CASES } from './cases/tokens.ts';
import { twoProbes } from './documents/two-probes.ts';
import type { LabRecipe } from './recipe.ts';

/** Every case of the lab, in the order of its page. */
export const LAB_CASES: readonly LabRecipe[] = [
  ...PATTERN_CASES,
  ...TIER_CASES,
  ...KIND_CASES,
  ...PROBE_CASES,
  ...TOKEN_CASES,
  ...MANIFEST_CASES,
];

/** Manifests that no other part of the server makes, by the case; each for what its URIs begin with. */
export const LAB_DOCUMENTS: ReadonlyMap<string, (base: string) => object> = new Map([['two-probes', twoProbes]]);
