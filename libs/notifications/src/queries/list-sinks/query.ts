import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { StreamWriter } from '#platform/decide-and-append';
import { showRevision } from '#platform/given-command';
import type { ReadModels } from '#platform/http/read-models';
import { utc } from '#platform/read-models/utc';
import { READ_MODELS, STREAM_WRITER } from '#platform/tokens';
import { sinkKey, sinks, SINKS_STREAM, type Sink } from '../../domain/sinks/sinks.js';

/** How far a sink is. Times: RFC 3339, UTC. */
export interface SinkProgress {
  /** Of the first event that it was not told of yet, whether it is about it or not; null before the worker has looked at it. */
  readonly nextPosition: string | null;
  readonly deliveredAt: string | null;
  /** What is tried now. */
  readonly trying: {
    readonly position: string;
    readonly since: string;
    readonly attempts: number;
    readonly nextAt: string;
    readonly why: string;
  } | null;
  readonly deadLetters: number;
}

export interface SinkLine {
  readonly sink: Sink;
  readonly progress: SinkProgress;
}

export class ListSinks extends Query<readonly SinkLine[]> {}

interface Row extends SinkProgress {
  readonly key: string;
}

const NOTHING_YET: SinkProgress = { nextPosition: null, deliveredAt: null, trying: null, deadLetters: 0 };

/** Which sinks there are, straight from their stream; how far each is, from where the worker keeps it. */
@QueryHandler(ListSinks)
export class ListSinksHandler implements IQueryHandler<ListSinks> {
  constructor(
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    @Inject(READ_MODELS) private readonly database: ReadModels,
  ) {}

  async execute(): Promise<readonly SinkLine[]> {
    const { state, revision } = await this.streams.load(sinks, SINKS_STREAM);
    showRevision(revision);
    const rows = await this.database.query<Row>(PROGRESS);
    return [...state.byName.values()].map((sink) => {
      const row = rows.find(({ key }) => key === sinkKey(sink));
      if (!row) return { sink, progress: NOTHING_YET };
      const { nextPosition, deliveredAt, trying, deadLetters } = row;
      return { sink, progress: { nextPosition, deliveredAt, trying, deadLetters } };
    });
  }
}

const PROGRESS = `
select sink as key, greatest(events, start)::text as "nextPosition", ${utc('delivered_at')} as "deliveredAt",
  case when trying_position is not null then jsonb_build_object('position', trying_position::text,
    'since', trying->'since', 'attempts', trying->'attempts', 'nextAt', trying->'nextAt', 'why', trying->'why') end as trying,
  (select count(*)::integer from worker.dead_letter where dead_letter.sink = sink_state.sink) as "deadLetters"
from worker.sink_state`;
