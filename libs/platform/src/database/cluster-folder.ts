import { randomBytes } from 'node:crypto';
import {
  chown,
  chmod,
  mkdir,
  open,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
  type FileHandle,
} from 'node:fs/promises';
import path from 'node:path';
import { spawn, type SpawnOptions } from 'node:child_process';
import type { PostgresBinaries } from './postgres-binaries.js';
import { scramVerifier } from './role-url.js';

/** PostgreSQL refuses to run as root; then it runs as `nobody`. */
const NOBODY = 65_534;

/** The account that runs PostgreSQL: another one when we are root, else our own. */
export interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

export const SUPERUSER = 'holdfast';

/** Who owns the data folder runs the server; nobody, when root is to make it. */
export async function accountFor(data: string): Promise<Account> {
  if (process.getuid?.() !== 0) return {};
  const found = await stat(data).catch(() => undefined);
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : { uid: NOBODY, gid: NOBODY };
}

/**
 * How to start a program in the data folder as `account`, and the folder's name for it. The folders above may be closed to that account
 * (a checkout in root's home): we enter the data folder before we give up being root, and from there it needs no path.
 */
export function inFolder(
  data: string,
  account: Account,
): { readonly options: SpawnOptions; readonly name: string } {
  const options = { cwd: data, env: { LC_ALL: 'C', PATH: process.env['PATH'] ?? '' }, ...account };
  return { options, name: account.uid === undefined ? data : '/proc/self/cwd' };
}

/** The superuser's password, made at first use and kept in `file`, 0600. */
export async function keptPassword(file: string): Promise<string> {
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept) return kept.trim();
  const password = randomBytes(32).toString('hex');
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, `${password}\n`, { mode: 0o600, flag: 'wx' });
  return password;
}

/**
 * Makes a data folder, under another name first: one that was left half made by a crash is made again, not started.
 * @throws Error with what initdb wrote
 */
export async function makeDataFolder(
  binaries: PostgresBinaries,
  data: string,
  password: string,
  durable: boolean,
): Promise<void> {
  const account = await accountFor(data);
  const unfinished = `${data}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  await giveTo(account, unfinished);
  const verifier = await unlinkedFile(`${data}.verifier`, account, scramVerifier(password, randomBytes(16)));
  try {
    const { options, name } = inFolder(unfinished, account);
    await run(
      binaries.initdb,
      [
        `--pgdata=${name}`,
        '--encoding=UTF8',
        '--locale=C',
        `--username=${SUPERUSER}`,
        '--auth=scram-sha-256',
        '--pwfile=/dev/fd/3',
        ...(durable ? [] : ['--no-sync']),
      ],
      { ...options, stdio: ['ignore', 'pipe', 'pipe', verifier.fd] },
    );
  } finally {
    await verifier.close();
  }
  await rename(unfinished, data);
}

/**
 * A file that has no name any more when it is written, for a child to open by its descriptor: nobody else can, in whatever folder it was.
 * It holds only what the server itself keeps of the password.
 */
async function unlinkedFile(file: string, account: Account, text: string): Promise<FileHandle> {
  await rm(file, { force: true });
  const handle = await open(file, 'wx+', 0o600);
  await rm(file);
  if (account.uid !== undefined && account.gid !== undefined) await handle.chown(account.uid, account.gid);
  await handle.writeFile(`${text}\n`);
  return handle;
}

async function giveTo({ uid, gid }: Account, folder: string): Promise<void> {
  if (uid !== undefined && gid !== undefined) await chown(folder, uid, gid);
}

function run(program: string, args: readonly string[], options: SpawnOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, options);
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code, signal) =>
      code === 0
        ? resolve()
        : reject(new Error(`${path.basename(program)} ended with ${code ?? signal}: ${output.trim()}`)),
    );
  });
}

/** Makes the folder that holds the data folder; never open to other users' writing. */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o755);
}
