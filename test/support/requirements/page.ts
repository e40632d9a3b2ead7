import type { NamedTest } from './named-tests.js';
import type { Result } from './results.js';
import { SECTIONS, type Requirement } from '#apps/cli/src/validation/requirements';

const HEAD = `# Requirements and the tests that show them

What regulations ask of a service that controls changes, in our words, and each test that names the requirement it shows. Made from the tests' names by \`npm run -s generate\`; after \`npm test\`, \`npm run -s requirements -- coverage/results.json\` writes
the same with the result of that run to \`coverage/requirements.md\`, and fails if a test named here failed or did not run. \`.ci/run\` does so after its tests: the table requirement → test → result of a run is that file, in the folder \`coverage\` of its checkout. A site gets it with [the validation pack](../how-to/make-a-validation-pack.md) (\`trace.md\`).

This supports compliance with 21 CFR Part 11 and EU GMP Annex 11. No software is compliant by itself: procedures of the site complete it. A requirement without a test below is not shown here yet, whatever the product does of it.
`;

/** The table requirement → tests, with results where there are any. Markdown. */
export function requirementsPage(
  tests: readonly NamedTest[],
  resultOf?: (test: NamedTest) => Result,
): string {
  const sections = SECTIONS.map(({ title, requirements }) =>
    [`## ${title}`, '', ...requirements.flatMap((each) => lines(each, tests, resultOf))].join('\n'),
  );
  return `${[HEAD, ...sections].join('\n')}`;
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
