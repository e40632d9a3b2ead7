import { ApiProperty } from '@nestjs/swagger';
import type { SettingReader } from '../../domain/settings/site-settings.js';

const SOURCES = ['environment', 'site', 'default'] as const;

export class RunningValueDto {
  @ApiProperty({ type: String, nullable: true })
  readonly value!: string | null;

  @ApiProperty({ enum: SOURCES, description: 'Who said so: the environment wins over the site' })
  readonly from!: (typeof SOURCES)[number];
}

/** One of the site's settings. */
export class SettingDto {
  @ApiProperty({ example: 'cache-size' })
  readonly key!: string;

  @ApiProperty({ type: String, nullable: true, description: 'null: not set, and the default holds' })
  readonly value!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'What the servers take when it is not set' })
  readonly fallback!: string | null;

  @ApiProperty({ example: 'HOLDFAST_CACHE_SIZE', description: 'In the environment, it wins' })
  readonly variable!: string;

  @ApiProperty({
    enum: ['control', 'worker', 'projector', 'proxy'],
    isArray: true,
    description: 'Who takes a change when it starts again',
  })
  readonly readBy!: readonly SettingReader[];

  @ApiProperty({
    type: RunningValueDto,
    nullable: true,
    description: 'What the servers were last started with; null when "holdfast up" did not start them',
  })
  readonly running!: RunningValueDto | null;

  @ApiProperty({ description: 'Whether the next start of the servers brings another value than is in force' })
  readonly waiting!: boolean;
}
