import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { LedgerWriter } from '#ledger/published';
import { noteSigner } from '#tlog';
import { emptyDatabase } from '#test/support/test-database';
import { Home } from '../home.js';
import { keyFiles, openKey } from '../key-files.js';
import { prepare } from '../prepare.js';

/** A prepared site whose events are sealed: in order, for specs to break. */
export interface SoundHome extends AsyncDisposable {
  readonly home: Home;
  readonly ownerUrl: string;
  readonly siteKey: Buffer;
  /** As the owner; past the triggers that keep everybody else from changing events. */
  alter(...statements: readonly string[]): Promise<void>;
}

export async function soundHome(): Promise<SoundHome> {
  const { ownerUrl, siteKey } = await emptyDatabase();
  const home = new Home(await mkdtemp(path.join(tmpdir(), 'holdfast-doctor-')));
  await home.make();
  // The roles of the specs' cluster have the passwords of its own site key.
  await writeFile(home.secret('site.key'), siteKey.toString('hex'), { mode: 0o600 });
  const keys = keyFiles(home, {});
  const { identity } = await prepare({ home, keys, ownerUrl, zone: 'Etc/UTC' });
  await seal(home, ownerUrl, noteSigner(identity.origin, await openKey(keys.ledger, false)));
  return {
    home,
    ownerUrl,
    siteKey,
    alter: (...statements) =>
      withClient(ownerUrl, async (client) => {
        await client.query('alter table events.event disable trigger all');
        for (const statement of statements) await client.query(statement);
      }),
    [Symbol.asyncDispose]: () => rm(home.folder, { recursive: true, force: true }),
  };
}

async function seal(home: Home, ownerUrl: string, signer: ReturnType<typeof noteSigner>): Promise<void> {
  const places = { folder: home.ledger(), secondFolder: home.ledgerSecond() };
  // Nobody else has the lease.
  const ledger = await LedgerWriter.open(places, signer, { epoch: 1n, during: (work) => work() });
  const { rows } = await withClient(ownerUrl, (client) =>
    client.query<{ bytes: Buffer }>('select e.bytes from events.event e order by e.position'),
  );
  ledger.append(
    0n,
    rows.map(({ bytes }) => bytes),
  );
  await ledger.seal();
}

async function withClient<Result>(url: string, use: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
