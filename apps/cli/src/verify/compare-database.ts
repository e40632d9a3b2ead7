import { spawn } from 'node:child_process';
import type { Cli } from '../cli.js';
import { hostProgram } from '../host/spawn-host.js';
import { IntegrityError } from './integrity-error.js';

type Kind = 'differs' | 'missing' | 'extra';

/** What the host's `compare-ledger` answers. */
interface Comparison {
  readonly sealed: string;
  readonly unsealed: number;
  readonly differences: readonly { readonly position: string; readonly kind: Kind }[];
}

/** How many events the database has that are sealed, and that are not yet. */
export interface Compared {
  readonly sealed: string;
  readonly unsealed: number;
}

const WHAT: Readonly<Record<Kind, string>> = {
  differs: 'its bytes are not those that were sealed',
  missing: 'it was sealed, and is gone',
  extra: 'it stands there a second time, or out of order',
};

/**
 * Compares the database's bytes with the ledger's entries. The CLI may not open the database, so the host does it, as the owner.
 * @param database its URL (postgres:// or esdb://), or `home` for where this machine's site has its events
 * @throws IntegrityError `database-differs`, naming the first position and how many there are
 */
export async function compareDatabase(
  cli: Cli,
  ledger: { readonly folder: string; readonly vkey: string },
  database: string,
): Promise<Compared> {
  const { sealed, unsealed, differences } = await askHost(cli, ledger, database);
  const [first] = differences;
  if (first === undefined) return { sealed, unsealed };
  const more = differences.length > 1 ? ` (and ${differences.length - 1} more)` : '';
  throw new IntegrityError(
    'database-differs',
    `the database differs from the ledger at position ${first.position}: ${WHAT[first.kind]}${more}`,
    BigInt(first.position),
  );
}

/** Named here, it is what is named and nothing else; the home's are where the site has them. */
function whereEventsAre(database: string): Record<string, string | undefined> {
  if (database === 'home') return { DATABASE_URL: undefined };
  if (database.startsWith('esdb')) return { DATABASE_URL: undefined, EVENTSTORE_URL: database };
  return { DATABASE_URL: database, EVENTSTORE_URL: undefined };
}

function askHost(
  cli: Cli,
  { folder, vkey }: { readonly folder: string; readonly vkey: string },
  database: string,
): Promise<Comparison> {
  // The URL holds a password: by the environment, since other people of the machine see arguments.
  const env = { ...cli.env, ...whereEventsAre(database) };
  const child = spawn(process.execPath, [hostProgram(cli), 'compare-ledger', folder, '--vkey', vkey], {
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
