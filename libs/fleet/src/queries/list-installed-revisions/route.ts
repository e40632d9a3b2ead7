import { Controller, Get, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { IsOptional, IsString, Length } from 'class-validator';
import { TakesTokens } from '#identity/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { IsLimit } from '#platform/http/page';
import { IsRfc3339Time } from '#platform/http/is-time';
import { STREAM_WRITER } from '#platform/tokens';
import { requireKnownRing } from '../../known-rings.js';
import { ListInstalledRevisions, type InstalledRevision, type InstalledRevisions } from './query.js';

/** Far above what a fleet has; more are made up. */
const MOST = 5_000;

class ListInstalledRevisionsDto {
  @ApiPropertyOptional({
    format: 'date-time',
    description: 'Count no device of which nothing is recorded since then',
  })
  @IsOptional()
  @IsRfc3339Time()
  since?: string;

  @ApiPropertyOptional({ description: 'Only of devices whose last report came to a proxy of this ring' })
  @IsOptional()
  @IsString()
  @Length(1, 64)
  ring?: string;

  @IsLimit(MOST, MOST)
  limit?: number;
}

class InstalledRevisionDto implements InstalledRevision {
  @ApiProperty()
  snapId!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'By the declaration that was verified at the last look; null where there was none',
  })
  name!: string | null;

  @ApiProperty({ description: 'Its declaration has no name any more' })
  revoked!: boolean;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Why the last look at the snap failed, if it did',
  })
  failure!: string | null;

  @ApiProperty({ description: "That they track, in the devices' words", example: 'latest/stable' })
  channel!: string;

  @ApiProperty({ example: 'amd64' })
  architecture!: string;

  @ApiProperty()
  revision!: number;

  @ApiProperty({ description: 'How many devices have it whose serial the store has accepted' })
  devices!: number;

  @ApiProperty({
    description:
      'How many reports name it that no store vouches for (without a session, or by a key alone): of how many devices, nobody can say',
  })
  unidentified!: number;

  @ApiProperty({ description: "By the nodes' clocks" })
  lastSaidAt!: string;
}

class InstalledRevisionsDto implements InstalledRevisions {
  @ApiProperty({ description: 'How many devices it is from whose serial the store has accepted' })
  devices!: number;

  @ApiProperty({ description: 'How many reports it is from that no store vouches for' })
  unidentified!: number;

  @ApiProperty({ description: 'How many snaps they named that no record names' })
  leftOut!: number;

  @ApiProperty({ type: [InstalledRevisionDto] })
  revisions!: readonly InstalledRevisionDto[];

  @ApiProperty({ description: 'There are more than are listed' })
  more!: boolean;
}

@ApiTags('nodes')
@ApiBearerAuth()
@Controller('v1/installed-revisions')
export class ListInstalledRevisionsRoute {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  @TakesTokens()
  @Get()
  @ApiOperation({
    operationId: 'listInstalledRevisions',
    summary: 'Which revisions devices have, of which snap, on which channel, and how many of them',
  })
  @ApiOkResponse({ type: InstalledRevisionsDto })
  async list(
    @Query() { since, limit = MOST, ring }: ListInstalledRevisionsDto,
  ): Promise<InstalledRevisionsDto> {
    if (ring !== undefined) await requireKnownRing(this.streams, ring);
    return this.queries.execute(new ListInstalledRevisions(since, limit, ring));
  }
}
