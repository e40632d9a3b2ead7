import { ApiProperty } from '@nestjs/swagger';
import { SinceDto } from '../since.dto.js';
import type { OverrideLine } from './query.js';

/** An override in force, in the words of the snap store. */
export class OverrideDto {
  @ApiProperty()
  ring!: string;

  @ApiProperty({ description: "The snap's name" })
  name!: string;

  @ApiProperty()
  snapId!: string;

  @ApiProperty()
  channel!: string;

  @ApiProperty()
  architecture!: string;

  @ApiProperty()
  revision!: number;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'What upstream has for it as of the last look; null where nothing is known',
  })
  upstreamRevision!: number | null;

  @ApiProperty({ description: 'SHA-256 of the capture manifest' })
  manifest!: string;

  @ApiProperty({ type: SinceDto })
  since!: SinceDto;

  static of({
    ring,
    name,
    subject,
    channel,
    architecture,
    version,
    manifest,
    upstreamVersion,
    since,
  }: OverrideLine): OverrideDto {
    return {
      ring,
      name,
      snapId: subject,
      channel,
      architecture,
      revision: Number(version),
      upstreamRevision: upstreamVersion === null ? null : Number(upstreamVersion),
      manifest,
      since,
    };
  }
}
