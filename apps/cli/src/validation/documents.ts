import type { InstallationCheck } from './installation.js';
import type { Step } from './operational-test.js';
import type { Release } from './release.js';
import type { Section } from './requirements.js';
import type { TraceRow } from './trace.js';

const SUPPORTS =
  'This supports compliance with 21 CFR Part 11 and EU GMP Annex 11. No software does that alone: the procedures of the site complete it, and the site decides whether what is here is enough for its use.';

export function userRequirements(sections: readonly Section[]): string {
  const parts = sections.map(({ title, requirements }) => {
    const rows = requirements.map(({ id, source, text }) => `| ${id} | ${text} | ${source} | |`);
    return `## ${title}\n\n| id | requirement | source | needed here (yes, no, why) |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return `# User requirements\n\n${SUPPORTS}\n\nThe last column is the site's.\n\n${parts.join('\n')}`;
}

interface Risk {
  readonly what: string;
  readonly harm: string;
  readonly measure: string;
  readonly requirements: string;
}

/** What can go wrong with release control, and what of the product stands against it. How likely and how bad it is, a site knows. */
const RISKS: readonly Risk[] = [
  {
    what: 'A revision reaches devices that nobody approved',
    harm: 'devices that control a process behave otherwise than was validated',
    measure: 'gated rings, signed policies that proxies verify, capture before approval',
    requirements: 'R25, R26',
  },
  {
    what: 'One person decides alone',
    harm: 'errors and intent go unnoticed',
    measure: 'author and approver differ, rules of approval per ring, roles that sign are granted by two',
    requirements: 'R23, R26, R27',
  },
  {
    what: 'Somebody signs in the name of another',
    harm: 'the record does not say who decided',
    measure: 'two components at signing, lock-out, resets by two, signatures bound to the record',
    requirements: 'R19, R22, R24',
  },
  {
    what: 'The record is altered or thinned out',
    harm: 'nobody can show later what was decided',
    measure: 'append-only store, Merkle ledger with a second place, offline verification',
    requirements: 'R01, R02, R05, R30',
  },
  {
    what: 'The history, or its keys, are lost',
    harm: 'the record ends',
    measure: 'encrypted backups that are verified, restore that is rehearsed',
    requirements: 'R10',
  },
  {
    what: 'A fix is held back for too long',
    harm: 'devices stay vulnerable',
    measure: 'the register of holds with owner, accepted risk and end; reminders and alarms',
    requirements: 'R38',
  },
  {
    what: 'A halt, a failed change or an alarm reaches nobody',
    harm: 'the site acts too late',
    measure: 'sinks with retry, dead letters and an alarm of their own',
    requirements: 'R39',
  },
  {
    what: 'A bad revision spreads',
    harm: 'many devices fail at once',
    measure: 'rings in order, halt by one operator at once, resuming by approval only',
    requirements: 'R25',
  },
];

export function riskAssessment(): string {
  const rows = RISKS.map(
    ({ what, harm, measure, requirements }) => `| ${what} | ${harm} | ${measure} | ${requirements} | | | |`,
  );
  return `# Risk assessment\n\nWhat is known of the product. Severity, likelihood and what remains are the site's to say, with whoever knows the process; so are risks that are missing here.\n\n| what | harm | measure in the product | requirements | severity | likelihood | remains, and accepted by |\n| --- | --- | --- | --- | --- | --- | --- |\n${rows.join('\n')}\n`;
}

export function installationReport(check: InstallationCheck, version: string): string {
  const head = `# Installation check\n\nVersion ${version}.\n\n`;
  if (check.outcome === 'not shown')
    return `${head}**Not shown**: ${check.why}.\n\nWhat packages Holdfast signs its files with \`node dist/apps/cli/src/validation/signing/main.js NAME KEYFILE\` and gives the public key another way than the files. There are no packages of the project's own with such a signature yet, and so no key of its own to pin: a site, or whoever builds for it, signs what it has built.\n`;
  const { outcome, key, files, changed, missing, added } = check;
  const list = (title: string, names: readonly string[]): string =>
    names.length === 0 ? '' : `## ${title}\n\n${names.map((name) => `- \`${name}\``).join('\n')}\n\n`;
  return `${head}**${outcome === 'passed' ? 'Passed' : 'Failed'}**: ${files} files, as the key \`${key}\` signed them.\n\n${list('Changed', changed)}${list('Missing', missing)}${list('Added', added)}`;
}

/** Which documents belong to which build: each with the digest by which another copy of it is told from one of another release. */
export function documentList({ version, build, documents, documentsDigest }: Release): string {
  const head = `# Documents of the release\n\nHoldfast ${version}, build sha256:${build}. All of them together: sha256:${documentsDigest}.\n\n`;
  if (documents.size === 0)
    return `${head}**Not shown**: this installation has no folder docs. Take the documents from the release of this version.\n`;
  const rows = [...documents].map(([name, digest]) => `| ${cell(name)} | ${digest} |`);
  return `${head}What the digest of all is of: a line for each, as \`sha256sum\` writes it, in this order. The installation check compares them with what was signed. Keep the pack of each version: it is the history of what people were told to do.\n\n| file | SHA-256 |\n| --- | --- |\n${rows.join('\n')}\n`;
}

export function operationalReport(steps: readonly Step[] | undefined, leaves: string): string {
  if (steps === undefined)
    return `# Operational test\n\n**Not run**: it takes \`--operational-test\` and a reason. ${leaves}\n`;
  const passed = steps.every((step) => step.passed);
  const rows = steps.map(
    ({ what, expected, found, passed: done }, i) =>
      `| ${i + 1} | ${what} | ${expected} | ${cell(found)} | ${done ? 'passed' : 'failed'} |`,
  );
  return `# Operational test\n\n**${passed ? 'Passed' : 'Failed'}**. ${leaves}\n\n| step | what | expected | found | result |\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}\n\nDone by: ____________________  Reviewed by: ____________________\n`;
}

export function traceReport(rows: readonly TraceRow[], given: boolean): string {
  const source = given
    ? 'Of the run whose results were given.'
    : 'No results were given (`--results`): nothing is shown.';
  const lines = rows.map(({ id, text, tests, result }) => {
    const named = tests
      .map(({ file, name, status }) => `${cell(name)} (\`${file}\`, ${status})`)
      .join('<br>');
    return `| ${id} | ${text} | ${named || '-'} | ${result} |`;
  });
  return `# Trace table\n\n${source} Requirement → tests that name it → result. A requirement that no test names is not shown, whatever the product does of it.\n\n| id | requirement | tests | result |\n| --- | --- | --- | --- |\n${lines.join('\n')}\n`;
}

/** What came from outside breaks no table. */
function cell(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').replaceAll('|', '\\|');
}
