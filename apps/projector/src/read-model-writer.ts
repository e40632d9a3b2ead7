import pg from 'pg';
import type { Cursor } from '#event-store/port';
import { requireLease, type Fence } from '#platform/lease/fence';
import type { PositionedEvent, Projection } from '#platform/projection';

/** Whole appends, as the projections get them. */
export interface Batch {
  readonly events: readonly PositionedEvent[];
  /** Of the last append in it. */
  readonly cursor: Cursor;
}

/**
 * Moves all read models on together: rows, policy documents and checkpoints of a batch are one transaction, so each event counts exactly
 * once for each projection, and no reader sees two of them at different positions once they are level. A projection that is new starts at 0 and
 * gets only what it has not seen.
 */
export class ReadModelWriter {
  private readonly pool: pg.Pool;
  /** The position of the first event that each projection has not taken, as of the last commit. */
  private next = new Map<Projection, bigint>();

  constructor(
    databaseUrl: string,
    private readonly projections: readonly Projection[],
    private readonly fence: Fence,
  ) {
    this.pool = new pg.Pool({
      connectionString: databaseUrl,
      max: 1,
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
    });
    // An idle connection that breaks is replaced when the next one is asked for.
    this.pool.on('error', () => undefined);
    // One that breaks in use fails its query, and says so here as well: unheard, that would end the process.
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  /** Creates what is missing. @returns the position that the projection furthest ahead is at */
  async prepare(): Promise<bigint> {
    this.next = await this.transaction(async (tx) => {
      await tx.query(CHECKPOINT_TABLE);
      const next = new Map<Projection, bigint>();
      for (const projection of this.projections) {
        await projection.createTables(tx);
        next.set(projection, await checkpointOf(tx, projection));
      }
      return next;
    });
    return [...this.next.values()].reduce((furthest, next) => (next > furthest ? next : furthest), 0n);
  }

  /** All of it or, when anything fails, nothing. @throws LeaseError `fenced-out` when another projector has taken over */
  async apply({ events, cursor }: Batch): Promise<void> {
    const last = events.at(-1);
    if (!last) return;
    const next = last.position + 1n;
    for (const [projection, position] of this.next) {
      projection.recall?.(events.filter((event) => event.position < position));
    }
    const behind = [...this.next].filter(([, position]) => position < next);
    if (behind.length === 0) return;
    await this.transaction(async (tx) => {
      for (const [projection, position] of behind) {
        await projection.apply(
          tx,
          events.filter((event) => event.position >= position),
        );
        await moveCheckpoint(tx, projection, position, next, cursor);
      }
    });
    for (const [projection] of behind) this.next.set(projection, next);
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private async transaction<Result>(work: (tx: pg.ClientBase) => Promise<Result>): Promise<Result> {
    const client = await this.pool.connect();
    let broken = true;
    try {
      await client.query('begin');
      await requireLease(client, this.fence);
      const result = await work(client);
      await client.query('commit');
      broken = false;
      return result;
    } finally {
      // A connection whose transaction failed is thrown away, and its transaction with it.
      client.release(broken);
    }
  }
}

const CHECKPOINT_TABLE = `
create table if not exists read.projection_checkpoint (
  name text not null,
  version int not null,
  next_position bigint not null,
  cursor text not null,
  primary key (name, version)
);
grant select on read.projection_checkpoint to holdfast_control;
`;

async function checkpointOf(tx: pg.ClientBase, { name, version }: Projection): Promise<bigint> {
  const { rows } = await tx.query<{ next: string }>(
    'select next_position as next from read.projection_checkpoint where name = $1 and version = $2',
    [name, version],
  );
  return BigInt(rows[0]?.next ?? 0);
}

/** Only from where this process believes it to be: whoever else moved it would have counted events that are counted here. */
async function moveCheckpoint(
  tx: pg.ClientBase,
  { name, version }: Projection,
  from: bigint,
  to: bigint,
  cursor: Cursor,
): Promise<void> {
  const moved = await tx.query(
    `insert into read.projection_checkpoint as checkpoint (name, version, next_position, cursor) values ($1, $2, $4, $5)
     on conflict (name, version) do update set next_position = excluded.next_position, cursor = excluded.cursor
       where checkpoint.next_position = $3`,
    [name, version, from, to, cursor],
  );
  if (moved.rowCount !== 1)
    throw new Error(`somebody else moved the checkpoint of ${name} version ${version}`);
}
