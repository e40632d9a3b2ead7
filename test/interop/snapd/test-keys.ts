import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { readSecretKey } from './secret-key-packet.js';

const SOURCE = '/usr/share/gocode/src/github.com/snapcore/snapd/asserts';

export interface TestKeys {
  /** Holds root.pem and store.pem of account `testrootorg`, and dev.pem, a sample developer's. */
  readonly keysDir: string;
  /** Holds the account and the root account-key that make `testrootorg` trusted: a folder for HOLDFAST_TRUST_ROOTS. */
  readonly rootsDir: string;
  /** snapd's own account-key assertion of the store key, signed by the root: chains need it. */
  readonly storeAccountKey: string;
}

/**
 * snapd's published test keys, which a build with the tag `withtestkeys` trusts. They are read from the installed Debian package and
 * live in temporary folders until the spec file that asks for them has ended: no key ever lies in the repository.
 */
export async function readTestKeys(): Promise<TestKeys> {
  const trusted = await readFile(path.join(SOURCE, 'systestkeys/trusted.go'), 'utf8');
  const sample = await readFile(path.join(SOURCE, 'assertstest/assertstest.go'), 'utf8');
  const [keysDir, rootsDir] = [await temporaryDirectory('keys'), await temporaryDirectory('roots')];

  const keys = {
    root: constant(trusted, 'TestRootPrivKey'),
    store: constant(trusted, 'TestStorePrivKey'),
    dev: constant(sample, 'DevKey'),
  };
  for (const [name, armoured] of Object.entries(keys)) {
    const pem = readSecretKey(armoured).export({ type: 'pkcs8', format: 'pem' });
    await writeFile(path.join(keysDir, `${name}.pem`), pem, { mode: 0o600 });
  }
  await writeFile(path.join(rootsDir, 'testrootorg.account'), constant(trusted, 'encodedTestRootAccount'));
  await writeFile(
    path.join(rootsDir, 'testrootorg.account-key'),
    constant(trusted, 'encodedTestRootAccountKey'),
  );
  return { keysDir, rootsDir, storeAccountKey: constant(trusted, 'encodedTestStoreAccountKey') };
}

function constant(source: string, name: string): string {
  const value = new RegExp(`\\b${name}\\s*=\\s*\`([^\`]*)\``).exec(source)?.[1];
  if (value === undefined) throw new Error(`${name} is not in snapd's source: has the package changed?`);
  return value;
}

async function temporaryDirectory(name: string): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), `holdfast-snapd-${name}-`));
  // A worker of vitest is ended by a signal, and so has no exit of its own to clean up at.
  afterAll(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
