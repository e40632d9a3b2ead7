import { readFileSync } from 'node:fs';
import type { NamedTest } from './named-tests.js';

/** Of vitest's JSON reporter, what is read here. */
interface Report {
  /** Milliseconds since the epoch. */
  readonly startTime: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

export type Result = 'passed' | 'failed' | 'not run';

/** A run of all tests. */
export interface Run {
  /** When it began, RFC 3339, UTC. */
  readonly at: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Of a test that names requirements. */
  readonly resultOf: (test: NamedTest) => Result;
}

/** @param file vitest's JSON report */
export function readRun(file: string): Run {
  const { startTime, testResults } = JSON.parse(readFileSync(file, 'utf8')) as Report;
  const statuses = testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ status }) => status),
  );
  const passed = statuses.filter((status) => status === 'passed').length;
  const failed = statuses.filter((status) => status === 'failed').length;
  return {
    at: new Date(startTime).toISOString(),
    passed,
    failed,
    skipped: statuses.length - passed - failed,
    resultOf: resultsOf(testResults),
  };
}

function resultsOf(testResults: Report['testResults']): (test: NamedTest) => Result {
  return ({ file: spec, name }) => {
    const all = testResults
      .filter((result) => result.name.endsWith(spec))
      .flatMap(({ assertionResults }) => assertionResults);
    const alone = all.filter(({ fullName }) => fullName.endsWith(`: ${name}`));
    // What is tried with several values, and a group, stand for each test that begins so.
    const [beginning = ''] = name.split(/[%$]/);
    const tests =
      alone.length > 0 ? alone : all.filter(({ fullName }) => fullName.includes(`: ${beginning}`));
    if (tests.some(({ status }) => status === 'failed')) return 'failed';
    // One that was skipped has shown nothing.
    return tests.length > 0 && tests.every(({ status }) => status === 'passed') ? 'passed' : 'not run';
  };
}

/** A line for each test that a run does not show to have passed: what came of it, and where it stands. */
export function notPassed(
  tests: readonly NamedTest[],
  resultOf: (test: NamedTest) => Result,
): readonly string[] {
  return tests.flatMap((test) => {
    const result = resultOf(test);
    const { requirements, name, file } = test;
    return result === 'passed' ? [] : [`${result}: ${requirements.join(', ')}: ${name} (${file})`];
  });
}
