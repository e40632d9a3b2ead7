import { spawn } from 'node:child_process';
import type { Cli } from '../cli.js';
import { hostProgram } from '../host/spawn-host.js';
import { IntegrityError } from './integrity-error.js';

/** What the host's `compare-ledger` answers. */
interface Comparison {
  readonly compared: string;
  readonly difference?: { readonly position: string; readonly what: string };
}

/**
 * Compares the database's bytes with the ledger's entries. The CLI may not open the database, so the host does it, as the owner.
 * @param database its URL, or `home` for the embedded one of this machine's site
 * @returns how many events were compared @throws IntegrityError `database-differs`, naming the position
 */
export async function compareDatabase(cli: Cli, folder: string, database: string): Promise<bigint> {
  const { compared, difference } = await askHost(cli, folder, database);
  if (difference === undefined) return BigInt(compared);
  const { position, what } = difference;
  throw new IntegrityError(
    'database-differs',
    `the database differs at position ${position}: ${what}`,
    BigInt(position),
  );
}

function askHost(cli: Cli, folder: string, database: string): Promise<Comparison> {
  // The URL holds a password: by the environment, since other people of the machine see arguments.
  const env = { ...cli.env, ...(database === 'home' ? {} : { DATABASE_URL: database }) };
  const child = spawn(process.execPath, [hostProgram(cli), 'compare-ledger', folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const text = Buffer.concat(out).toString('utf8');
      if (code === 0) resolve(JSON.parse(text) as Comparison);
      else
        reject(
          new Error(
            `the database could not be compared: ${Buffer.concat(err).toString('utf8').trim() || `exit ${code}`}`,
          ),
        );
    });
  });
}
