import { defineConfig } from 'vitest/config';

const FLOODS = ['test/browser', 'test/attacks'];
const LONG = 'test/load';

/**
 * With servers, files and browsers on a machine that others share, a time limit is missed or a frame is lost now and then.
 * What fails twice is a fault.
 */
const RETRY = 1;

/** Ends what hangs, and says nothing of speed: on a machine with much to do, a test of seconds takes a minute. */
const LIMIT_MILLISECONDS = 180_000;

/**
 * To load the program's modules takes longer than most files of tests take: the files share what was loaded. No module of
 * ours keeps a state that answers depend on, and a test that changes what belongs to the process puts it back.
 */
const isolate = false;

/** Beside pure code: fast, and fine together. */
const unit = {
  test: { name: 'unit', include: ['src/**/*.test.ts'], isolate, testTimeout: 20_000, maxWorkers: 2, sequence: { groupOrder: 0 } },
};

/** With files, databases and servers of their own. */
const whole = {
  test: {
    name: 'whole',
    include: ['test/**/*.test.ts'],
    exclude: [...FLOODS, LONG].map((folder) => `${folder}/**`),
    isolate,
    testTimeout: LIMIT_MILLISECONDS,
    hookTimeout: LIMIT_MILLISECONDS,
    maxWorkers: 2,
    retry: RETRY,
    sequence: { groupOrder: 1 },
  },
};

/** Browsers and floods of requests want the machine for themselves. */
const alone = {
  test: {
    name: 'alone',
    include: FLOODS.map((folder) => `${folder}/**/*.test.ts`),
    isolate,
    testTimeout: LIMIT_MILLISECONDS,
    hookTimeout: LIMIT_MILLISECONDS,
    maxWorkers: 1,
    retry: RETRY,
    sequence: { groupOrder: 2 },
  },
};

/** Minutes each, in programs of their own, much of them spent with waiting: beside each other, and beside nothing else. */
const load = {
  test: {
    name: 'load',
    include: [`${LONG}/**/*.test.ts`],
    testTimeout: LIMIT_MILLISECONDS,
    hookTimeout: LIMIT_MILLISECONDS,
    maxWorkers: 2,
    retry: RETRY,
    sequence: { groupOrder: 3 },
  },
};

/** Where `.ci/run` wants the results for counting. */
const results = process.env.VITRINE_TEST_RESULTS;

export default defineConfig({
  test: {
    reporters: results === undefined ? ['default'] : ['default', ['json', { outputFile: results }]],
    globalSetup: ['test/setup/announce-real-parts.ts'],
    setupFiles: ['test/setup/seed-properties.ts'],
    pool: 'forks',
    projects: [unit, whole, alone, load].map((project) => ({ extends: true as const, ...project })),
  },
});
