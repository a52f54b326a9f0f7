import { KIND_CASES } from './cases/kinds.ts';
import { PATTERN_CASES } from './cases/patterns.ts';
import { PROBE_CASES } from './cases/probe.ts';
import { TIER_CASES } from './cases/tiers.ts';
import { TOKEN_CASES } from './cases/tokens.ts';
import type { LabRecipe } from './recipe.ts';

/** Every case of the lab, in the order of its page. */
export const LAB_CASES: readonly LabRecipe[] = [...PATTERN_CASES, ...TIER_CASES, ...KIND_CASES, ...PROBE_CASES, ...TOKEN_CASES];
