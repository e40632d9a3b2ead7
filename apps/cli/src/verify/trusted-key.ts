import { join } from 'node:path';
import { noteVerifier, type NoteVerifier } from '#tlog';
import type { Cli } from '../cli.js';
import { CliError } from '../cli-error.js';
import { readSecretFile } from '../input/password.js';
import { homeFolder } from '../session/home.js';

export interface KeyOptions {
  readonly vkey?: string;
  readonly vkeyFile?: string;
}

/**
 * The public key that the ledger must be signed by: it comes from whoever asks, never from the ledger's own folder, or anybody could seal
 * a ledger of theirs. Without one, the key of the site on this machine.
 * @throws CliError `usage` when there is none, or it cannot be read
 */
export async function trustedKey(
  cli: Cli,
  options: KeyOptions,
): Promise<{ verifier: NoteVerifier; from: string }> {
  const { vkey, vkeyFile } = options;
  if (vkey !== undefined) return { verifier: parse(vkey, '--vkey'), from: '--vkey' };
  const path = vkeyFile ?? join(homeFolder(cli.env), 'secrets', 'ledger.vkey');
  try {
    return { verifier: parse((await readSecretFile(path)).trim(), path), from: path };
  } catch (cause) {
    if (!(cause instanceof CliError) || cause.code === 'usage') throw cause;
    const advice =
      vkeyFile === undefined
        ? ': give --vkey or --vkey-file; it stands in the site’s commissioning record'
        : '';
    throw new CliError('usage', `there is no key in ${path}${advice}`, { cause });
  }
}

function parse(vkey: string, where: string): NoteVerifier {
  try {
    return noteVerifier(vkey);
  } catch (cause) {
    throw new CliError('usage', `${where}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
