import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { StreamWriter } from '#platform/decide-and-append';
import { pageOf } from '#platform/http/page';
import type { ReadModels } from '#platform/http/read-models';
import { utc } from '#platform/read-models/utc';
import { READ_MODELS, STREAM_WRITER } from '#platform/tokens';
import { requireSink, sinkKey, sinks, SINKS_STREAM } from '../../domain/sinks/sinks.js';

/** An event that a sink was not told of: given up. Times: RFC 3339, UTC. */
export interface DeadLetter {
  readonly position: string;
  readonly event: string;
  readonly type: string;
  readonly stream: string;
  /** Of the first try. */
  readonly since: string;
  readonly givenUpAt: string;
  readonly attempts: number;
  readonly why: string;
}

export interface DeadLetterPage {
  readonly deadLetters: readonly DeadLetter[];
  readonly next: string | null;
}

export class ListDeadLetters extends Query<DeadLetterPage> {
  constructor(
    readonly sink: string,
    readonly page: { readonly after?: string | undefined; readonly limit: number },
  ) {
    super();
  }
}

@QueryHandler(ListDeadLetters)
export class ListDeadLettersHandler implements IQueryHandler<ListDeadLetters> {
  constructor(
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    @Inject(READ_MODELS) private readonly database: ReadModels,
  ) {}

  /** @throws NotificationError `no-such-sink` */
  async execute({ sink, page: { after = '-1', limit } }: ListDeadLetters): Promise<DeadLetterPage> {
    const { state } = await this.streams.load(sinks, SINKS_STREAM);
    const values = [sinkKey(requireSink(state, sink)), after, limit + 1];
    const page = pageOf(
      'dead-letters',
      await this.database.query<DeadLetter>(LETTERS, values),
      limit,
      ({ position }) => position,
    );
    return { deadLetters: page.rows, next: page.next };
  }
}

const LETTERS = `
select position::text as position, event, type, stream, ${utc('since')} as since, ${utc('given_up_at')} as "givenUpAt", attempts, why
from worker.dead_letter where sink = $1 and position > $2 order by dead_letter.position limit $3`;
