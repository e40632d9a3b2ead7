import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { pageOf } from '#platform/http/page';
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

export interface OverridePage {
  readonly overrides: readonly OverrideLine[];
  readonly next: string | null;
}

/** By name, channel and architecture. */
export class ListOverrides extends Query<OverridePage> {
  constructor(
    readonly filter: { readonly ring: string; readonly names?: readonly string[] | undefined },
    /** Without a limit, all of them: of the snaps that a request names. */
    readonly page: { readonly after?: string | undefined; readonly limit?: number | undefined } = {},
  ) {
    super();
  }
}

@QueryHandler(ListOverrides)
export class ListOverridesHandler implements IQueryHandler<ListOverrides> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  async execute({ filter, page: { after, limit } }: ListOverrides): Promise<OverridePage> {
    const [name = null, channel = null, architecture = null] = after?.split(' ') ?? [];
    const rows = await this.readModels.query<OverrideLine>(
      `select ring, format, name, subject, held.channel, architecture, held.version, manifest,
         upstream.revision::text as "upstreamVersion",
         json_build_object('position', from_position::text, 'at', ${utc('from_at')}, 'changeRequest', change_request) as since
       from read.override_v1 as held left join lateral (${upstreamRelease('held')}) as upstream on true
       where to_position is null and ring = $1 and ($2::text[] is null or name = any($2))
         and ($3::text is null or (name, held.channel, architecture) > ($3, $4, $5))
       order by name, held.channel, architecture limit $6`,
      [
        filter.ring,
        filter.names ?? null,
        name,
        channel,
        architecture,
        limit === undefined ? null : limit + 1,
      ],
    );
    const place = (line: OverrideLine) => `${line.name} ${line.channel} ${line.architecture}`;
    const page = pageOf('overrides', rows, limit ?? rows.length, place);
    return { overrides: page.rows, next: page.next };
  }
}
