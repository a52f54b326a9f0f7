import { configureGlobal } from 'fast-check';

/**
 * Properties try the same cases at every run, so that one commit has one result. `VITRINE_TEST_SEED=random` goes looking
 * for new ones, and a number repeats what a report names.
 */
const wish = process.env.VITRINE_TEST_SEED ?? '20261122';
if (wish !== 'random') configureGlobal({ seed: Number(wish) });
