import type { Command } from 'commander';
import { noteVerifier, type NoteVerifier } from '#tlog';
import type { Cli } from '../cli.js';
import { CliError } from '../cli-error.js';
import { Control } from '../api/control.js';
import { readTextFile } from '../input/password.js';
import { addReason, reasonOf, requireReason, type ReasonOptions } from '../input/reason.js';
import { Invocation } from '../invocation.js';
import { fields } from '../output/table.js';
import { IntegrityError } from '../verify/integrity-error.js';
import { checkInstallation, installationRoot } from '../validation/installation.js';
import { LEAVES, operationalTest, type Step } from '../validation/operational-test.js';
import { packFiles, requireEmpty, writePack } from '../validation/pack.js';
import { releaseAt } from '../validation/release.js';
import { SECTIONS } from '../validation/requirements.js';
import { traceTable } from '../validation/trace.js';

interface Options extends Partial<ReasonOptions> {
  readonly manifestKey?: string;
  readonly results?: string;
  readonly operationalTest?: true;
}

/** `holdfast validation-pack DIR` */
export function addValidationPack(program: Command, cli: Cli): void {
  const pack = program
    .command('validation-pack')
    .description(
      'what a site completes, reviews and signs: requirements, risks, a check of the files, an operational test, the trace table, procedures',
    )
    .argument('<folder>', 'a new one, that it is written into')
    .option('--manifest-key <file>', 'the public key of whoever packaged this installation, had another way')
    .option('--results <file>', "vitest's JSON report of the tests of this version, for the trace table")
    .option('--operational-test', `try it at the site, as who is signed in, an author. ${LEAVES}`);
  addReason(pack, 'only for the operational test').action(
    async (folder: string, _options: unknown, command: Command) => {
      const invocation = new Invocation<Options>(cli, command);
      const { options } = invocation;
      await requireEmpty(folder);
      const verifier = options.manifestKey === undefined ? undefined : await keyIn(options.manifestKey);
      const results = options.results === undefined ? undefined : await readTextFile(options.results);
      const trace = traceTable(SECTIONS, results);
      const root = await installationRoot(import.meta.dirname);
      const release = await releaseAt(root);
      const installation = await checkInstallation(root, verifier);
      const tested = options.operationalTest ? await testAt(invocation) : undefined;
      const facts = {
        release,
        madeAt: new Date().toISOString(),
        site: tested?.site ?? null,
        installation,
        steps: tested?.steps,
        trace,
        resultsGiven: results !== undefined,
      };
      await writePack(folder, packFiles(facts));
      const failed = tested?.steps.filter(({ passed }) => !passed) ?? [];
      const operational = tested === undefined ? 'not run' : failed.length === 0 ? 'passed' : 'failed';
      const { version, build, documentsDigest: documents } = release;
      const result = { folder, version, build, documents, installation: installation.outcome, operational };
      invocation.result(result, () =>
        fields([
          ['Pack', folder],
          ['Version', version],
          ['Build', `sha256:${build}`],
          ['Documents', `sha256:${documents}`],
          ['Installation', installation.outcome],
          ['Operational test', operational],
          [
            'Requirements shown',
            `${trace.filter(({ result }) => result === 'passed').length} of ${trace.length}`,
          ],
        ]),
      );
      if (installation.outcome === 'failed')
        throw new IntegrityError(
          'installation-differs',
          `the installation is not what ${installation.key} signed: ${folder}/installation.md`,
        );
      if (failed.length > 0)
        throw new CliError(
          'operational-test-failed',
          `${failed.length} steps of the operational test failed: ${folder}/operational-test.md`,
        );
    },
  );
}

async function testAt(
  invocation: Invocation<Options>,
): Promise<{ readonly site: string; readonly steps: readonly Step[] }> {
  const reason = reasonOf(requireReason(invocation.options));
  invocation.say(LEAVES);
  const { control } = await invocation.connect();
  const { site } = await control.status();
  const stranger = new Control(control.url, undefined, undefined, control.fetchFrom);
  return { site: site.origin, steps: await operationalTest(control, stranger, reason) };
}

async function keyIn(file: string): Promise<NoteVerifier> {
  const text = (await readTextFile(file)).trim();
  try {
    return noteVerifier(text);
  } catch (cause) {
    throw new CliError(
      'usage',
      `${file} holds no public key: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}
