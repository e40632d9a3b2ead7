import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { namedTests } from '#test/support/requirements/named-tests';
import { requirementsPage, resultsPage } from '#test/support/requirements/page';
import { REQUIREMENTS, SECTIONS } from '#apps/cli/src/validation/requirements';
import { notPassed, readRun } from '#test/support/requirements/results';

const tests = namedTests(process.cwd());

/** The sections whose requirements are shown whole: the trail, signatures, access, the life cycle. */
const SHOWN = ['A', 'C', 'D', 'F'];
const mustBeShown = SECTIONS.filter(({ title }) => SHOWN.includes(title.slice(0, 1))).flatMap(
  ({ requirements }) => requirements.map(({ id }) => id),
);

describe('the page of requirements', () => {
  it('R33: names each test that names a requirement: run "npm run generate"', () => {
    expect(readFileSync('docs/validation/requirements.md', 'utf8').trim()).toBe(
      requirementsPage(tests).trim(),
    );
  });

  it('knows every requirement that a test names', () => {
    const known = new Set(REQUIREMENTS.map(({ id }) => id));
    expect(tests.flatMap(({ requirements }) => requirements).filter((id) => !known.has(id))).toEqual([]);
  });

  it.each(mustBeShown)('has a test that names %s', (id) => {
    expect(tests.filter(({ requirements }) => requirements.includes(id)).length).toBeGreaterThan(0);
  });

  it('has each requirement once, in order', () => {
    const ids = REQUIREMENTS.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
  });
});

describe('a result', () => {
  const run = readRun(new URL('requirements-report.json', import.meta.url).pathname);
  const test = { file: 'libs/a/a.spec.ts', requirements: ['R01'] };

  it.each([
    ['passed', 'is recorded'],
    ['failed', 'is recorded whatever %s says'],
    ['failed', 'is recorded whatever $name says'],
    ['not run', 'is recorded by night'],
    ['not run', 'was never written'],
  ] as const)('is %s of "%s"', (result, name) => {
    expect(run.resultOf({ ...test, name })).toBe(result);
  });

  it('of a run with a test that failed, or did not run, is told by name', () => {
    const named = (['is recorded', 'is recorded by night'] as const).map((name) => ({ ...test, name }));
    expect(notPassed(named, run.resultOf)).toEqual(['not run: R01: is recorded by night (libs/a/a.spec.ts)']);
  });

  it('is in the page beside the test, under what all tests of the run came to', () => {
    const page = resultsPage([{ ...test, name: 'is recorded' }], run, '1234567890ab');
    expect(page).toContain(
      'Of the run of 2026-11-26T12:00:00.000Z, on revision `1234567890ab`: **2 passed, 1 failed, 1 skipped**',
    );
    expect(page).toContain('- **passed**: is recorded (`libs/a/a.spec.ts`)');
  });
});
