import { join } from 'node:path';
import { Option, type Command } from 'commander';
import type { Cli } from '../cli.js';
import { Invocation } from '../invocation.js';
import { failed, verdict, type Verified } from '../output/verdict.js';
import { homeFolder } from '../session/home.js';
import { compareDatabase } from '../verify/compare-database.js';
import { trustedKey, type KeyOptions } from '../verify/trusted-key.js';
import { IntegrityError } from '../verify/integrity-error.js';
import { keyLabel, verifyLedger } from '../verify/verify-ledger.js';

export interface VerifyOptions extends KeyOptions {
  readonly checkpoint?: string;
  readonly database?: string;
}

export function addVerify(program: Command, cli: Cli): void {
  program
    .command('verify')
    .description('check a ledger without asking any server: signature, every entry, every tile')
    .argument('[folder]', "the ledger's files (default: those of HOLDFAST_HOME)")
    .addOption(new Option('--vkey <vkey>', 'the public key that must have sealed it').conflicts('vkeyFile'))
    .option('--vkey-file <file>', 'the same, from a file (default: that of HOLDFAST_HOME)')
    .option('--checkpoint <file>', 'a sealed state kept from earlier: the ledger must continue it')
    .option(
      '--database <url>',
      'compare the stored events as well: their URL (postgres:// or esdb://), or "home" for where this machine\'s site has them',
    )
    .action(async (folder: string | undefined, _options: unknown, command: Command) => {
      const invocation = new Invocation<VerifyOptions>(cli, command);
      try {
        const result = await verifyFolder(cli, folder, invocation.options);
        invocation.result(result, () => verdict(cli, result));
      } catch (error) {
        // The verdict is data: whoever keeps the output keeps it as well. What is wrong follows as the error.
        if (error instanceof IntegrityError)
          invocation.result({ verdict: 'FAIL', ...error.facts }, () => failed(cli));
        throw error;
      }
    });
}

/** @throws IntegrityError for a ledger that does not hold; CliError */
export async function verifyFolder(
  cli: Cli,
  folder: string | undefined,
  options: VerifyOptions,
): Promise<Verified> {
  const ledger = folder ?? join(homeFolder(cli.env), 'ledger');
  const { verifier } = await trustedKey(cli, options);
  const { checkpoint, tiles, kept } = await verifyLedger(ledger, verifier, options.checkpoint);
  const compared =
    options.database === undefined
      ? undefined
      : await compareDatabase(cli, { folder: ledger, vkey: verifier.vkey }, options.database);
  return {
    verdict: 'PASS',
    origin: checkpoint.origin,
    key: keyLabel(verifier),
    size: String(checkpoint.size),
    root: checkpoint.root.toString('base64'),
    tiles,
    ...(kept === undefined ? {} : { continues: String(kept.size) }),
    ...(compared === undefined ? {} : { database: compared }),
  };
}
