import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { namedTests } from './named-tests.js';
import { requirementsPage, resultsPage } from './page.js';
import { notPassed, readRun } from './results.js';

const FOLDER = 'docs/validation';

/** Writes the page of requirements; with a report of vitest's, the one with the results of that run, and fails if a test of it failed or did not run. */
const [report] = process.argv.slice(2);
const tests = namedTests(process.cwd());
mkdirSync(FOLDER, { recursive: true });
if (report === undefined) await write('requirements.md', requirementsPage(tests));
else {
  const run = readRun(report);
  await write('results.md', resultsPage(tests, run, revision()));
  const missing = notPassed(tests, run.resultOf);
  for (const line of missing) process.stderr.write(`${line}\n`);
  if (missing.length > 0) process.exitCode = 1;
}

async function write(name: string, page: string): Promise<void> {
  const file = path.join(FOLDER, name);
  writeFileSync(file, await format(page, { ...(await resolveConfig(file)), filepath: file }));
}

/** Of the sources that were tested, as git names it; with `-dirty` where they were changed. */
function revision(): string {
  return execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=12'], { encoding: 'utf8' }).trim();
}
