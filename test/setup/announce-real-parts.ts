import { findRealPart, REAL_PARTS } from './real-parts.ts';

/** Runs once before all tests. Says which real parts are missing; with VITRINE_REQUIRE_REAL_PARTS=1 a missing one ends the run. */
export default function setup(): void {
  const missing = REAL_PARTS.filter((part) => findRealPart(part) === null);
  if (missing.length === 0) return;

  const lines = missing.map((part) => `  ${part.name} (apt-get install ${part.package}): ${part.neededFor}`);
  const text = ['Not installed on this machine:', ...lines].join('\n');
  if (process.env.VITRINE_REQUIRE_REAL_PARTS === '1') throw new Error(`${text}\nVITRINE_REQUIRE_REAL_PARTS=1 asks for all of them.`);

  console.warn(`\n${'='.repeat(78)}\n${text}\nThese tests are skipped. ".ci/run" installs everything and skips none.\n${'='.repeat(78)}\n`);
}
