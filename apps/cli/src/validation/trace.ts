import { CliError } from '../cli-error.js';
import type { Section } from './requirements.js';

export interface TracedTest {
  readonly file: string;
  readonly name: string;
  readonly status: string;
}

export interface TraceRow {
  readonly id: string;
  readonly text: string;
  readonly tests: readonly TracedTest[];
  /** `not shown`: no test of the results names it, or none was run. */
  readonly result: 'passed' | 'failed' | 'not shown';
}

const NAMED = /(?:^| )((?:R\d{2}(?:, | and )?)+): /g;

/** Which tests of a run name which requirement. @param results vitest's JSON report; undefined: none was given */
export function traceTable(sections: readonly Section[], results: string | undefined): readonly TraceRow[] {
  const tests = results === undefined ? [] : testsIn(results);
  return sections.flatMap(({ requirements }) =>
    requirements.map(({ id, text }) => {
      const own = tests.filter(({ ids }) => ids.includes(id)).map(({ ids: _, ...test }) => test);
      const run = own.filter(({ status }) => status === 'passed' || status === 'failed');
      const result = run.some(({ status }) => status === 'failed')
        ? 'failed'
        : run.length > 0
          ? 'passed'
          : 'not shown';
      return { id, text, tests: own, result };
    }),
  );
}

function testsIn(text: string): readonly (TracedTest & { readonly ids: readonly string[] })[] {
  const report = parsed(text);
  if (!Array.isArray(report['testResults'])) throw unreadable();
  return report['testResults'].flatMap((each: unknown) => {
    const { name: file, assertionResults } = members(each);
    if (typeof file !== 'string' || !Array.isArray(assertionResults)) throw unreadable();
    return assertionResults.flatMap((assertion: unknown) => {
      const { fullName, status } = members(assertion);
      if (typeof fullName !== 'string' || typeof status !== 'string') throw unreadable();
      const ids = [...fullName.matchAll(NAMED)].flatMap(([, named = '']) => named.match(/R\d{2}/g) ?? []);
      const short = file.replace(/^.*?(?=(?:apps|libs|test)\/)/, '');
      return ids.length > 0 ? [{ file: short, name: fullName, status, ids }] : [];
    });
  });
}

function parsed(text: string): Record<string, unknown> {
  try {
    return members(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw unreadable(cause);
  }
}

function members(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw unreadable();
  return value as Record<string, unknown>;
}

function unreadable(cause?: unknown): CliError {
  return new CliError('unreadable-file', "the results are no JSON report of vitest's", { cause });
}
