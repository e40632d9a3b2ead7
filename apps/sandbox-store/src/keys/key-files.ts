import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { splitAssertions, type Assertion } from '#snap';
import { SandboxError } from '../sandbox-error.js';

const NAMES = ['root', 'store', 'dev'] as const;

/** Ready-made assertions may lie beside the keys, in files of these endings: they are served, and used before our own. */
const ASSERTION_FILE = /\.(assert|account|account-key)$/;

export interface KeyFolder {
  /** Signs the root account, and account-keys. */
  readonly root: KeyObject;
  /** Signs what a store signs: accounts, declarations, revisions. */
  readonly store: KeyObject;
  /** The developer's own. */
  readonly dev: KeyObject;
  readonly readyMade: readonly Assertion[];
}

/**
 * The keys in `root.pem`, `store.pem` and `dev.pem`; all three are made when none is there.
 * @throws SandboxError `bad-keys` when only some are there, or one is no private RSA key
 */
export function openKeyFolder(folder: string): KeyFolder {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const present = NAMES.filter((name) => existsSync(pemFile(folder, name)));
  if (present.length === 0) for (const name of NAMES) makeKey(pemFile(folder, name));
  else if (present.length < NAMES.length) {
    const missing = NAMES.filter((name) => !present.includes(name)).map((name) => `${name}.pem`);
    throw new SandboxError('bad-keys', `${folder} has some keys, but no ${missing.join(', ')}`);
  }
  return {
    root: readKey(folder, 'root'),
    store: readKey(folder, 'store'),
    dev: readKey(folder, 'dev'),
    readyMade: readAssertions(folder),
  };
}

function pemFile(folder: string, name: string): string {
  return join(folder, `${name}.pem`);
}

/** 2048 bits, the shortest that `#snap` takes: these keys guard nothing, and a first start should not take long. */
function makeKey(file: string): void {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
}

function readKey(folder: string, name: string): KeyObject {
  const file = pemFile(folder, name);
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(readFileSync(file));
  } catch (cause) {
    throw new SandboxError('bad-keys', `${file} is no private key`, { cause });
  }
  if (key.asymmetricKeyType !== 'rsa') throw new SandboxError('bad-keys', `${file} is no RSA key`);
  return key;
}

function readAssertions(folder: string): Assertion[] {
  const files = readdirSync(folder).filter((file) => ASSERTION_FILE.test(file));
  return files.sort().flatMap((file) => {
    try {
      return splitAssertions(readFileSync(join(folder, file)));
    } catch (cause) {
      throw new SandboxError('bad-keys', `${join(folder, file)} holds no assertions`, { cause });
    }
  });
}
