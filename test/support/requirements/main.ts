import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { namedTests } from './named-tests.js';
import { requirementsPage } from './page.js';
import { resultsOf } from './results.js';

/** Writes the page of requirements; with a report of vitest's, the one with results beside that report. */
const [report] = process.argv.slice(2);
const tests = namedTests(process.cwd());
if (report === undefined) {
  mkdirSync('docs/validation', { recursive: true });
  writeFileSync('docs/validation/requirements.md', requirementsPage(tests));
} else {
  writeFileSync(
    path.join(path.dirname(report), 'requirements.md'),
    requirementsPage(tests, resultsOf(report)),
  );
}
