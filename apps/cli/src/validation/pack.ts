import { createHash } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CliError } from '../cli-error.js';
import {
  documentList,
  installationReport,
  operationalReport,
  riskAssessment,
  traceReport,
  userRequirements,
} from './documents.js';
import type { InstallationCheck } from './installation.js';
import { letter } from './letter.js';
import { LEAVES, type Step } from './operational-test.js';
import { PROCEDURES, procedureText } from './procedures.js';
import type { Release } from './release.js';
import { SECTIONS } from './requirements.js';
import type { TraceRow } from './trace.js';

export interface PackFacts {
  readonly release: Release;
  /** RFC 3339, UTC. */
  readonly madeAt: string;
  /** Where the operational test was run; null: it was not. */
  readonly site: string | null;
  readonly installation: InstallationCheck;
  /** Undefined: it was not run. */
  readonly steps: readonly Step[] | undefined;
  readonly trace: readonly TraceRow[];
  readonly resultsGiven: boolean;
}

/** Every file of the pack, by its name. */
export function packFiles(facts: PackFacts): ReadonlyMap<string, string> {
  const { installation, steps, trace, resultsGiven, release } = facts;
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  const files = new Map([
    ['README.md', overview(facts)],
    ['user-requirements.md', userRequirements(SECTIONS)],
    ['user-requirements.json', json(SECTIONS)],
    ['risk-assessment.md', riskAssessment()],
    ['installation.md', installationReport(installation, release.version)],
    ['installation.json', json(installation)],
    ['documents.md', documentList(release)],
    ['documents.json', json({ ...release, documents: Object.fromEntries(release.documents) })],
    ['operational-test.md', operationalReport(steps, LEAVES)],
    ['operational-test.json', json(steps ?? null)],
    ['trace.md', traceReport(trace, resultsGiven)],
    ['trace.json', json(trace)],
    ['letter-11.100c.md', letter()],
    ...PROCEDURES.map((procedure) => [`procedures/${procedure.file}`, procedureText(procedure)] as const),
  ]);
  const sums = [...files].map(
    ([name, text]) => `${createHash('sha256').update(text).digest('hex')}  ${name}\n`,
  );
  return files.set('SHA256SUMS', sums.join(''));
}

function overview({ release, madeAt, site, installation, steps }: PackFacts): string {
  const tested = steps === undefined ? 'not run' : steps.every(({ passed }) => passed) ? 'passed' : 'failed';
  return `# Validation pack\n\nHoldfast ${release.version}, build sha256:${release.build}, documents sha256:${release.documentsDigest}, made at ${madeAt} (UTC)${site === null ? '' : `, for the site ${site}`}. This supports compliance with 21 CFR Part 11 and EU GMP Annex 11: it is what a site completes, reviews and signs, and no certificate.\n\n| part | file | result |\n| --- | --- | --- |\n| user requirements | user-requirements.md | to be completed |\n| risk assessment | risk-assessment.md | to be completed |\n| installation check | installation.md | ${installation.outcome} |\n| documents of this release | documents.md | ${release.documents.size} files |\n| operational test | operational-test.md | ${tested} |\n| trace table | trace.md | see there |\n| procedures | procedures/ | templates |\n| letter of 11.100(c) | letter-11.100c.md | template |\n\n\`sha256sum -c SHA256SUMS\` checks that the files are as they were made.\n`;
}

/** @throws CliError `usage` for a folder with something in it: a pack is one run */
export async function writePack(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  await mkdir(path.join(folder, 'procedures'), { recursive: true });
  for (const [name, text] of files) await writeFile(path.join(folder, name), text, { flag: 'wx' });
}

/** Before anything is done at the site. @throws CliError `usage` */
export async function requireEmpty(folder: string): Promise<void> {
  const there = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new CliError('usage', `${folder} cannot be written into: ${error.code ?? error.message}`);
  });
  if (there.length > 0) throw new CliError('usage', `${folder} has something in it: name a new folder`);
}
