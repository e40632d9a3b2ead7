import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { ReadModels } from '#platform/http/read-models';
import { READ_MODELS } from '#platform/tokens';

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
      `select ring, format, name, subject, channel, architecture, version, manifest,
         json_build_object('position', from_position::text, 'at', to_char(from_at at time zone 'UTC',
           'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'changeRequest', change_request) as since
       from read.override_v1
       where to_position is null and ring = $1 and ($2::text[] is null or name = any($2))
       order by name, channel, architecture`,
      [filter.ring, filter.names ?? null],
    );
  }
}
