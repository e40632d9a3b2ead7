import type { NamedTest } from './named-tests.js';
import type { Result, Run } from './results.js';
import { SECTIONS, type Requirement } from '#apps/cli/src/validation/requirements';

const HEAD = `# Requirements and the tests that show them

What regulations ask of a service that controls changes, in our words, and each test that names the requirement it shows. Made from the tests' names by \`npm run -s generate\`; [the same with what came of them](results.md) is of the last whole run that was kept.

This supports compliance with 21 CFR Part 11 and EU GMP Annex 11. No software is compliant by itself: procedures of the site complete it. A requirement without a test below is not shown here yet, whatever the product does of it.
`;

/** The table requirement → tests. Markdown. */
export function requirementsPage(tests: readonly NamedTest[]): string {
  return pageOf(HEAD, tests);
}

/** The table requirement → test → result. Markdown. @param revision of the sources that were tested */
export function resultsPage(
  tests: readonly NamedTest[],
  { at, passed, failed, skipped, resultOf }: Run,
  revision: string,
): string {
  const head = `# Requirements, their tests and what came of them

Of the run of ${at}, on revision \`${revision}\`: **${passed} passed, ${failed} failed, ${skipped} skipped**, of all tests; below, those that [name a requirement](requirements.md). After \`npm test\`, \`npm run -s requirements -- coverage/results.json\` makes this page of that run, and fails if a test named here failed or did not run; \`.ci/run\`
does so each time. A site gets the table with [the validation pack](../how-to/make-a-validation-pack.md) (\`trace.md\`).
`;
  return pageOf(head, tests, resultOf);
}

function pageOf(head: string, tests: readonly NamedTest[], resultOf?: (test: NamedTest) => Result): string {
  const sections = SECTIONS.map(({ title, requirements }) =>
    [`## ${title}`, '', ...requirements.flatMap((each) => lines(each, tests, resultOf))].join('\n'),
  );
  return `${[head, ...sections].join('\n')}`;
}

function lines(
  { id, source, text }: Requirement,
  tests: readonly NamedTest[],
  resultOf: ((test: NamedTest) => Result) | undefined,
): string[] {
  const mine = tests.filter(({ requirements }) => requirements.includes(id));
  const shown = mine.map((test) => {
    const result = resultOf ? `**${resultOf(test)}**: ` : '';
    return `- ${result}${test.name} (\`${test.file}\`)`;
  });
  return [
    `### ${id}. ${text}`,
    '',
    `${source}. ${mine.length === 0 ? 'No test names it yet.' : ''}`.trim(),
    '',
    ...(shown.length > 0 ? [...shown, ''] : []),
  ];
}
