import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsOptional,
  IsString,
  Length,
  ValidateNested,
} from 'class-validator';
import { MOST_ITEMS } from '#kernel';
import { GivenToken, requireRing, TakesTokens, type OpenToken } from '#identity/published';
import { ChangeItemDto, toOverrideItem } from '../../commands/draft-change/item.dto.js';
import { DEFAULT_RING, requireKnownRing } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { TakesLargeBody } from '#platform/http/large-body';
import { STREAM_WRITER } from '#platform/tokens';
import { InForce, type InForceLine } from '../in-force.js';

class PreviewOverridesDto {
  @ApiPropertyOptional({ default: DEFAULT_RING })
  @IsOptional()
  @IsString()
  @Length(1, 64)
  ring?: string;

  @ApiProperty({ type: [ChangeItemDto], maxItems: MOST_ITEMS })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_ITEMS)
  @ValidateNested({ each: true })
  @Type(() => ChangeItemDto)
  items!: ChangeItemDto[];
}

class DecidedDto {
  @ApiProperty({ enum: ['override', 'upstream'] })
  by!: 'override' | 'upstream';

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'null where upstream has none, or was not looked at',
  })
  revision!: number | null;
}

class PreviewLineDto {
  @ApiProperty({ description: "The snap's name" })
  name!: string;

  @ApiProperty()
  channel!: string;

  @ApiProperty({ type: String, nullable: true, description: 'null for a snap that nobody has looked at yet' })
  architecture!: string | null;

  @ApiProperty({ type: DecidedDto })
  old!: DecidedDto;

  @ApiProperty({ type: DecidedDto })
  new!: DecidedDto;
}

class PreviewDto {
  @ApiProperty({ type: [PreviewLineDto] })
  lines!: readonly PreviewLineDto[];
}

/** A POST since items are its input; it changes nothing, and so asks for no reason. */
@ApiTags('release policy')
@ApiBearerAuth()
@Controller('v1/override-previews')
export class PreviewOverridesRoute {
  constructor(
    @Inject(InForce) private readonly inForce: InForce,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  @TakesTokens()
  @TakesLargeBody()
  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'previewOverrides',
    summary: 'What a change request of these items would change, old → new; records nothing',
    description:
      'By what is held and what upstream had at the last look. Which architectures a revision has is known once it is captured.',
  })
  @ApiOkResponse({ type: PreviewDto })
  async preview(
    @Body() { ring = DEFAULT_RING, items }: PreviewOverridesDto,
    @GivenToken() token?: OpenToken,
  ): Promise<PreviewDto> {
    if (token) requireRing(token, ring);
    await requireKnownRing(this.streams, ring);
    return { lines: (await this.inForce.of(ring, items.map(toOverrideItem))).map(previewed) };
  }
}

function previewed(line: InForceLine): PreviewLineDto {
  const { name, channel, version } = line.item;
  const upstream = line.held ? line.held.upstreamVersion : line.tracked.upstreamRevision;
  const tracking: DecidedDto = { by: 'upstream', revision: upstream === null ? null : Number(upstream) };
  return {
    name,
    channel: line.held?.channel ?? channel,
    architecture: line.held ? line.held.architecture : line.tracked.architecture,
    old: line.held ? { by: 'override', revision: Number(line.held.version) } : tracking,
    new: version === null ? tracking : { by: 'override', revision: Number(version) },
  };
}
