import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { SiteHistory } from '#apps/projector/fixtures/site-history';
import { allProjections } from '#apps/projector/src/projections';
import { UNSEEN } from '#apps/projector/src/projector-progress';
import { Rebuild } from '#apps/projector/src/rebuild';
import { Transactions } from '#apps/projector/src/transactions';
import { encodeEvent } from '#kernel';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { LedgerWriter } from '#ledger/published';
import { Lease } from '#platform/lease/lease';
import { createLogger } from '#platform/logging/logger';
import type { Projection } from '#platform/projection';
import { allCheckpoints } from '#platform/read-models/checkpoints';
import { tableIn } from '#platform/read-models/slots';
import { policyKeyName } from '#release-control/published';
import { noteSigner, signNote } from '#tlog';
import { BenchDatabase } from './bench-database.js';
import { median, rounded, type Bench, type Measured } from './bench.js';

const EVENTS = 200_000;
const ROUNDS = 3;
const ORIGIN = 'site.example';

export const rebuildBench: Bench = {
  name: 'rebuild',
  about: `All read models made from ${EVENTS} events and switched in, against PostgreSQL's COPY of the same rows into the same tables with the same indexes, ${ROUNDS} times in turn.`,
  marks: [{ figure: 'ratio', atLeast: 0.1 }],
  run,
};

async function run(say: (line: string) => void): Promise<Measured> {
  const database = await BenchDatabase.start();
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-bench-rebuild-'));
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  const store = new PostgresEventStore(database.url('projector'));
  const lease = new Lease(database.url('projector'), (error) => say(error.message));
  const fence = await lease.acquire();
  const logger = createLogger('bench', 'warn', process.stderr);
  const transactions = new Transactions(database.url('projector'), 3, fence);
  try {
    await owner.connect();
    const places = { folder: path.join(folder, 'ledger'), secondFolder: path.join(folder, 'second') };
    const ledger = await LedgerWriter.open(places, noteSigner(ORIGIN, Buffer.alloc(32, 1)), {
      epoch: fence.epoch,
      during: (work) => lease.during(work),
    });
    await appendHistory(owner, ledger, say);
    const policyKey = noteSigner(policyKeyName(ORIGIN), Buffer.alloc(32, 2));
    const projections = (): Projection[] =>
      allProjections({
        origin: ORIGIN,
        sign: (text) => signNote(text, [policyKey]),
        rootAt: (position) => ledger.rootAt(position),
        history: store,
      });
    const rebuild = async (): Promise<void> => {
      const { signal } = new AbortController();
      await new Rebuild(
        { store, ledger, transactions, logger, progress: UNSEEN, signal },
        projections(),
      ).run();
    };
    await rebuild();
    const copies = await Copies.of(owner, projections(), folder);
    const rounds: { rebuilt: number; copied: number }[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      await copies.makeTables();
      const [rebuilt, copied] = [await seconds(rebuild), await seconds(() => copies.copyIn())];
      say(`round ${round}: rebuilt in ${rounded(rebuilt)} s, copied in ${rounded(copied)} s`);
      rounds.push({ rebuilt, copied });
    }
    await copies.compare();
    const rebuilt = median(rounds.map((round) => round.rebuilt));
    const copied = median(rounds.map((round) => round.copied));
    return {
      table: [
        ['', 'seconds (median)', 'events/s'],
        ['rebuild of all read models', rounded(rebuilt), Math.round(EVENTS / rebuilt)],
        [`COPY of their ${copies.rows} rows`, rounded(copied), Math.round(EVENTS / copied)],
      ],
      figures: {
        ratio: rounded(median(rounds.map((round) => round.copied / round.rebuilt))),
        rebuild_s: rounded(rebuilt),
        copy_s: rounded(copied),
      },
    };
  } finally {
    await owner.end();
    await Promise.all([store.close(), transactions.close()]);
    await lease.release();
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Past the append function, in large pieces: how they got there is not what is measured. */
async function appendHistory(
  owner: pg.Client,
  ledger: LedgerWriter,
  say: (line: string) => void,
): Promise<void> {
  let rows: { stream: string; revision: string; id: string; type: string; first: number; bytes: Buffer }[] =
    [];
  let position = 0;
  const flush = async (): Promise<void> => {
    ledger.append(
      BigInt(position - rows.length),
      rows.map(({ bytes }) => bytes),
    );
    await owner.query(
      `insert into events.event (position, stream, stream_revision, id, type, append_first, bytes)
       select $1::bigint + n - 1, stream, revision, id, type, first, bytes
       from unnest($2::text[], $3::bigint[], $4::uuid[], $5::text[], $6::bigint[], $7::bytea[])
         with ordinality as event (stream, revision, id, type, first, bytes, n)`,
      [
        position - rows.length,
        rows.map(({ stream }) => stream),
        rows.map(({ revision }) => revision),
        rows.map(({ id }) => id),
        rows.map(({ type }) => type),
        rows.map(({ first }) => first),
        rows.map(({ bytes }) => bytes),
      ],
    );
    rows = [];
  };
  for (const append of new SiteHistory().appends(EVENTS)) {
    const first = position;
    for (const envelope of append) {
      const { stream, streamRevision: revision, id, type } = envelope;
      rows.push({ stream, revision, id, type, first, bytes: Buffer.from(encodeEvent(envelope)) });
      position += 1;
    }
    if (rows.length >= 5_000) await flush();
  }
  await flush();
  await owner.query('update events.head set next_position = $1', [position]);
  await owner.query('analyze events.event');
  await ledger.seal();
  say(`${position} events are there, and sealed`);
}

/** The rows that are live, in files, and tables like theirs to copy them into. */
class Copies {
  private constructor(
    private readonly owner: pg.Client,
    private readonly projections: readonly Projection[],
    private readonly folder: string,
    private readonly sources: readonly { readonly table: string; readonly source: string }[],
    readonly rows: number,
  ) {}

  static async of(owner: pg.Client, projections: readonly Projection[], folder: string): Promise<Copies> {
    const files = path.join(folder, 'copies');
    await mkdir(files);
    // The server, which may run under another account, writes them.
    await chmod(folder, 0o755);
    await chmod(files, 0o777);
    const checkpoints = await allCheckpoints(owner);
    const sources = checkpoints.flatMap(({ slot, tables }) =>
      tables.map((table) => ({ table, source: tableIn(slot, table) })),
    );
    let rows = 0;
    for (const { table, source } of sources) {
      const { rowCount } = await owner.query(`copy ${source} to '${path.join(files, table)}'`);
      rows += rowCount ?? 0;
    }
    return new Copies(owner, projections, files, sources, rows);
  }

  /** Empty tables, with their indexes. */
  async makeTables(): Promise<void> {
    await this.owner.query('drop schema if exists copied cascade; create schema copied');
    await this.owner.query('begin; set local search_path to copied');
    for (const projection of this.projections) await projection.createTables(this.owner);
    await this.owner.query('commit');
  }

  /** In one transaction. */
  async copyIn(): Promise<void> {
    await this.owner.query('begin; set local search_path to copied');
    for (const { table } of this.sources)
      await this.owner.query(`copy ${table} from '${path.join(this.folder, table)}'`);
    await this.owner.query('commit');
  }

  /** @throws Error when what was rebuilt is not what was copied: then neither figure means anything */
  async compare(): Promise<void> {
    const live = await allCheckpoints(this.owner);
    for (const { slot, tables } of live) {
      for (const table of tables) {
        const digest = (of: string) =>
          `select md5(string_agg(md5(t::text), '' order by t::text)) from ${of} t`;
        const { rows } = await this.owner.query<{ same: boolean }>(
          `select (${digest(tableIn(slot, table))}) is not distinct from (${digest(`copied.${table}`)}) as same`,
        );
        if (!rows[0]?.same) throw new Error(`the rebuilt rows of ${table} are not those that were copied`);
      }
    }
  }
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1_000;
}
