import { ApiProperty } from '@nestjs/swagger';
import { parseChannel, shortChannel } from '#snap';
import type { OverrideLine } from '../queries/list-overrides/query.js';
import { SERIES } from './asked-overrides.js';
import type { TrackedChannel } from '../queries/tracked-channels.js';

/** An override as the Snap Store Proxy gives it: these members, each of them always, and no other. */
export class OverrideFields {
  @ApiProperty({ description: 'Empty for a snap that nobody has looked at yet' })
  snap_id!: string;

  @ApiProperty({ example: 'lab-hello' })
  snap_name!: string;

  @ApiProperty({ type: Number, nullable: true, description: 'null: no override, upstream decides' })
  revision!: number | null;

  @ApiProperty({ type: Number, nullable: true, description: 'What upstream had at the last look' })
  upstream_revision!: number | null;

  @ApiProperty({ example: 'stable', description: 'The track latest goes without saying' })
  channel!: string;

  @ApiProperty({ example: 'amd64', description: 'Empty for a snap that nobody has looked at yet' })
  architecture!: string;

  @ApiProperty({ enum: [SERIES] })
  series!: string;

  static ofHeld({
    name,
    subject,
    channel,
    architecture,
    version,
    upstreamVersion,
  }: OverrideLine): OverrideFields {
    return {
      snap_id: subject,
      snap_name: name,
      revision: Number(version),
      upstream_revision: upstreamVersion === null ? null : Number(upstreamVersion),
      channel: shortChannel(parseChannel(channel)),
      architecture,
      series: SERIES,
    };
  }

  static ofTracked({
    name,
    channel,
    snapId,
    architecture,
    upstreamRevision,
  }: TrackedChannel): OverrideFields {
    return {
      snap_id: snapId ?? '',
      snap_name: name,
      revision: null,
      upstream_revision: upstreamRevision === null ? null : Number(upstreamRevision),
      channel: shortChannel(parseChannel(channel)),
      architecture: architecture ?? '',
      series: SERIES,
    };
  }
}

export class OverridesAnswer {
  @ApiProperty({ type: [OverrideFields] })
  overrides!: readonly OverrideFields[];
}
