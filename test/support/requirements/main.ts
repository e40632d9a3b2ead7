import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { namedTests } from './named-tests.js';
import { requirementsPage } from './page.js';
import { notPassed, resultsOf } from './results.js';

/** Writes the page of requirements; with a report of vitest's, the one with results beside that report, and fails if a test of it failed or did not run. */
const [report] = process.argv.slice(2);
const tests = namedTests(process.cwd());
if (report === undefined) {
  mkdirSync('docs/validation', { recursive: true });
  writeFileSync('docs/validation/requirements.md', requirementsPage(tests));
} else {
  const resultOf = resultsOf(report);
  writeFileSync(path.join(path.dirname(report), 'requirements.md'), requirementsPage(tests, resultOf));
  const missing = notPassed(tests, resultOf);
  for (const line of missing) process.stderr.write(`${line}\n`);
  if (missing.length > 0) process.exitCode = 1;
}
