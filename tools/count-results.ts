import { readFileSync } from 'node:fs';

/** Prints one plain line from the results of a test run, and exits 1 unless all tests passed and none was left out. */
interface Results {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly success: boolean;
  readonly testResults: ReadonlyArray<{
    readonly name: string;
    readonly status: string;
    readonly assertionResults: ReadonlyArray<{ readonly fullName: string; readonly status: string }>;
  }>;
}

const [file = ''] = process.argv.slice(2);
const results = JSON.parse(readFileSync(file, 'utf8')) as Results;

for (const { assertionResults } of results.testResults) {
  for (const { fullName, status } of assertionResults) {
    if (status !== 'passed' && status !== 'failed') console.log(`skipped: ${fullName}`);
  }
}
const brokenFiles = results.testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
);
for (const { name } of brokenFiles) console.log(`could not run: ${name}`);

const failed = results.numFailedTests + brokenFiles.length;
const skipped = results.numPendingTests + results.numTodoTests;
console.log(`${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped`);
if (failed > 0 || skipped > 0 || !results.success || results.numPassedTests === 0) process.exitCode = 1;
