// Prints vitest's totals as the one closing line `N passed, N failed, N skipped`, and names what was skipped.
// In CI a skipped test fails the run: there, every program that a test wants is installed.
import { readFileSync } from 'node:fs';

const results = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const tests = results.testResults.flatMap((file) => file.assertionResults);
const skipped = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed');
// A file that could not even be loaded has no test to count, and must not pass for that.
const unloaded = results.testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.length === 0,
);
const failed = results.numFailedTests + unloaded.length;

for (const test of skipped) console.log(`skipped: ${test.fullName}`);
console.log(`${results.numPassedTests} passed, ${failed} failed, ${skipped.length} skipped`);
process.exitCode = failed > 0 || !results.success || (process.env.CI && skipped.length > 0) ? 1 : 0;
