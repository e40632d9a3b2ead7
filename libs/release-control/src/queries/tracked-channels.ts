import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { ReadModels } from '#platform/http/read-models';
import { READ_MODELS } from '#platform/tokens';
import { upstreamRelease } from './upstream-release.js';

/** A channel that upstream decides on, for one architecture. What was never looked at has no snap-id and no architecture. */
export interface TrackedChannel {
  readonly name: string;
  /** As it was asked for. */
  readonly channel: string;
  readonly snapId: string | null;
  readonly architecture: string | null;
  readonly upstreamRevision: string | null;
}

interface AskedChannel {
  readonly name: string;
  readonly channel: string;
  /** `track/risk[/branch]`. */
  readonly full: string;
}

/** What upstream had on these channels at the last look: a line for each architecture that it has the snap for. */
export class ListTrackedChannels extends Query<readonly TrackedChannel[]> {
  constructor(readonly asked: readonly AskedChannel[]) {
    super();
  }
}

@QueryHandler(ListTrackedChannels)
export class ListTrackedChannelsHandler implements IQueryHandler<ListTrackedChannels> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  async execute({ asked }: ListTrackedChannels): Promise<readonly TrackedChannel[]> {
    if (asked.length === 0) return [];
    return this.readModels.query<TrackedChannel>(
      `select target.name, target.asked as channel, target.subject as "snapId", target.architecture,
         upstream.revision::text as "upstreamRevision"
       from (
         select asked.name, asked.channel as asked, asked."full" as channel, 'snap' as format, snap.snap_id as subject, architecture
         from jsonb_to_recordset($1) as asked(name text, channel text, "full" text)
         left join read.upstream_snap_v1 as snap on snap.name = asked.name
         left join lateral (
           select distinct architecture from read.upstream_channel_v1 where snap_id = snap.snap_id
         ) as known on true
       ) as target left join lateral (${upstreamRelease('target')}) as upstream on true
       order by target.name, target.asked, target.architecture`,
      [JSON.stringify(asked)],
    );
  }
}
