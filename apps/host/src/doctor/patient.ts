import { sentenceOf } from '#kernel';
import { HomeLock } from '../home-lock.js';
import { keyFiles, openKey, type KeyFiles } from '../key-files.js';
import type { Home } from '../home.js';
import { readSecret } from '../secret-files.js';
import type { Environment } from '../server-environment.js';
import { fail, ok, type Finding } from './finding.js';

/** The site that is looked at: what all checks need to know of it. */
export interface Patient {
  readonly home: Home;
  /** The host's own environment. */
  readonly env: Environment;
  readonly keys: KeyFiles;
  /** Undefined when it cannot be read: the database's roles are out of reach then. */
  readonly siteKey: Buffer | undefined;
  /** The public key of the ledger, undefined when it cannot be read. */
  readonly ledgerVkey: string | undefined;
  /** Whether another process, `holdfast up` most likely, works on the home. */
  readonly held: boolean;
}

/** Reads what is there, and changes nothing. @param home an existing folder */
export async function examine(
  home: Home,
  env: Environment,
): Promise<{ patient: Patient; findings: Finding[] }> {
  const keys = keyFiles(home, env);
  const findings: Finding[] = [];
  let siteKey: Buffer | undefined;
  for (const [name, file] of Object.entries(keys)) {
    const check = `key: ${name}`;
    try {
      const key = await openKey(file, false);
      if (name === 'site') siteKey = key;
      findings.push(ok(check, `${file.path} is there`));
    } catch (error) {
      const todo = 'bring it back from where it was kept: another one cannot take its place';
      findings.push(fail(check, sentenceOf(error), todo));
    }
  }
  const ledgerVkey = await readSecret(home.secret('ledger.vkey')).catch(() => undefined);
  return { patient: { home, env, keys, siteKey, ledgerVkey, held: await isHeld(home) }, findings };
}

async function isHeld(home: Home): Promise<boolean> {
  try {
    await (await HomeLock.take(home.folder)).release();
    return false;
  } catch {
    return true;
  }
}
