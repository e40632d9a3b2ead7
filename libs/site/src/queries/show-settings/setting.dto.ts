import { ApiProperty } from '@nestjs/swagger';
import type { SettingReader } from '../../domain/settings/site-settings.js';

const SOURCES = ['environment', 'site', 'default'] as const;

const DIGEST = {
  type: String,
  nullable: true,
  description:
    'Of a secret that the site has: HMAC-SHA-256 in hex, as in its events. Its value is never in this answer',
} as const;

export class RunningValueDto {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Of a secret from the environment, the file that it is in',
  })
  readonly value!: string | null;

  @ApiProperty(DIGEST)
  readonly digest!: string | null;

  @ApiProperty({ enum: SOURCES, description: 'Who said so: the environment wins over the site' })
  readonly from!: (typeof SOURCES)[number];
}

/** What an admin or `qa` asked for, of a setting by which people sign. */
export class RequestedSettingDto {
  @ApiProperty({ type: String, nullable: true, description: 'null: back to the default' })
  readonly value!: string | null;

  @ApiProperty({ description: 'The name of who asked: another person confirms it' })
  readonly requestedBy!: string;

  @ApiProperty({ format: 'date-time', description: 'It is confirmed until then, or not at all' })
  readonly expiresAt!: string;
}

/** One of the site's settings. */
export class SettingDto {
  @ApiProperty({ example: 'cache-size' })
  readonly key!: string;

  @ApiProperty({ type: String, nullable: true, description: 'null: not set, and the default holds' })
  readonly value!: string | null;

  @ApiProperty({ description: 'Whether it has a digest where others have a value' })
  readonly secret!: boolean;

  @ApiProperty(DIGEST)
  readonly digest!: string | null;

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

  @ApiProperty({
    description:
      'People sign by it: changing it takes two of them, admins or qa, once commissioning is closed',
  })
  readonly takesTwo!: boolean;

  @ApiProperty({ type: RequestedSettingDto, nullable: true, description: 'What waits for a second person' })
  readonly requested!: RequestedSettingDto | null;

  @ApiProperty({ description: 'Whether the next start of the servers brings another value than is in force' })
  readonly waiting!: boolean;
}

/** A key of the Snap Store Proxy that means something here, with what it would say. */
export class IncumbentKeyDto {
  @ApiProperty({ example: 'proxy.cache.size' })
  readonly key!: string;

  @ApiProperty({ example: 'cache-size', description: 'What it sets' })
  readonly setting!: string;

  @ApiProperty({ type: String, nullable: true })
  readonly value!: string | null;
}

export class LeftBehindDto {
  @ApiProperty({ example: 'proxy.db.', description: 'How keys begin; the first that fits counts' })
  readonly prefix!: string;

  @ApiProperty({ description: 'What to do instead' })
  readonly why!: string;
}

export class SettingsDto {
  @ApiProperty({ type: [SettingDto] })
  readonly settings!: readonly SettingDto[];

  @ApiProperty({ type: [IncumbentKeyDto], description: 'Keys of the Snap Store Proxy that are understood' })
  readonly incumbentKeys!: readonly IncumbentKeyDto[];

  @ApiProperty({ type: [LeftBehindDto], description: 'Its other keys' })
  readonly leftBehind!: readonly LeftBehindDto[];
}
