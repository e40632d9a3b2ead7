import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { ReadModels } from '#platform/http/read-models';
import { utc } from '#platform/read-models/utc';
import { READ_MODELS } from '#platform/tokens';
import { upstreamRelease } from '../upstream-release.js';

/** An override in force. */
export interface OverrideLine {
  readonly ring: string;
  readonly format: string;
  readonly name: string;
  readonly subject: string;
  readonly channel: string;
  readonly architecture: string;
  readonly version: string;
  readonly manifest: string;
  /** What upstream has for the target as of the last look; null where nothing is known. */
  readonly upstreamVersion: string | null;
  readonly since: { readonly position: string; readonly at: string; readonly changeRequest: string };
}

export class ListOverrides extends Query<readonly OverrideLine[]> {
  constructor(readonly filter: { readonly ring: string; readonly names?: readonly string[] | undefined }) {
    super();
  }
}

@QueryHandler(ListOverrides)
export class ListOverridesHandler implements IQueryHandler<ListOverrides> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  async execute({ filter }: ListOverrides): Promise<readonly OverrideLine[]> {
    return this.readModels.query<OverrideLine>(
      `select ring, format, name, subject, held.channel, architecture, held.version, manifest,
         upstream.revision::text as "upstreamVersion",
         json_build_object('position', from_position::text, 'at', ${utc('from_at')}, 'changeRequest', change_request) as since
       from read.override_v1 as held left join lateral (${upstreamRelease('held')}) as upstream on true
       where to_position is null and ring = $1 and ($2::text[] is null or name = any($2))
       order by name, held.channel, architecture`,
      [filter.ring, filter.names ?? null],
    );
  }
}
