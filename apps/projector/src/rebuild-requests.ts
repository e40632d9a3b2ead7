import type { ClientBase } from 'pg';
import type { Transactions } from './transactions.js';

/** What somebody on the host asked for: `holdfast projections rebuild`. */
export interface RebuildRequest {
  readonly id: string;
  readonly names: readonly string[];
}

/** One that ended the process so often, whatever the reason, is not begun once more: the projector has other things to do as well. */
const STARTS = 3;

/** `read.rebuild_request`: asked by the host, worked off here, watched by who asked. */
export class RebuildRequests {
  constructor(private readonly transactions: Transactions) {}

  /** The next that is to be done, marked as begun; one that a crash, or what passes, interrupted comes again. */
  async next(): Promise<RebuildRequest | undefined> {
    // Asked every second, for ever: a transaction that takes the lease's lock would be written to disk each time.
    const [wanted] = await this.transactions.look(
      `select from read.rebuild_request where state in ('asked', 'running') limit 1`,
    );
    if (!wanted) return undefined;
    return this.transactions.run(async (tx) => {
      await tx.query(
        `update read.rebuild_request set state = 'failed', ended_at = now(), detail = 'the projector ended ' || starts || ' times while at it'
         where state = 'running' and starts >= $1`,
        [STARTS],
      );
      const { rows } = await tx.query<RebuildRequest>(
        `update read.rebuild_request set state = 'running', starts = starts + 1, position = null
         where id = (select min(id) from read.rebuild_request where state in ('asked', 'running'))
         returning id::text, names`,
      );
      return rows[0];
    });
  }

  async reached({ id }: RebuildRequest, position: bigint): Promise<void> {
    await this.run((tx) =>
      tx.query('update read.rebuild_request set position = $2 where id = $1', [id, position]),
    );
  }

  /** It goes on being begun, and this was no start that counts: what ended it was not the request, and did not end the process. */
  async interrupted({ id }: RebuildRequest): Promise<void> {
    await this.run((tx) =>
      tx.query('update read.rebuild_request set starts = starts - 1 where id = $1', [id]),
    );
  }

  async done({ id }: RebuildRequest, position: bigint): Promise<void> {
    await this.run((tx) =>
      tx.query(
        `update read.rebuild_request set state = 'done', ended_at = now(), position = $2 where id = $1`,
        [id, position],
      ),
    );
  }

  async failed({ id }: RebuildRequest, why: string): Promise<void> {
    await this.run((tx) =>
      tx.query(
        `update read.rebuild_request set state = 'failed', ended_at = now(), detail = $2 where id = $1`,
        [id, why],
      ),
    );
  }

  private run(work: (tx: ClientBase) => Promise<unknown>): Promise<unknown> {
    return this.transactions.run(work);
  }
}
