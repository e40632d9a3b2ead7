import { Controller, Get, Inject } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { TakesTokens } from '#identity/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { showRevision } from '#platform/given-command';
import { rings, RINGS_STREAM } from '../../domain/rings/rings.js';

class RingsDto {
  @ApiProperty({ type: [String], example: ['default', 'pilot', 'production'] })
  rings!: readonly string[];
}

@ApiTags('rings')
@ApiBearerAuth()
@Controller('v1/rings')
export class ListRingsRoute {
  constructor(@Inject(STREAM_WRITER) private readonly streams: StreamWriter) {}

  @TakesTokens()
  @Get()
  @ApiOperation({
    operationId: 'listRings',
    summary: 'Which rings there are, in the order that releases take',
  })
  @ApiOkResponse({ type: RingsDto })
  async list(): Promise<RingsDto> {
    const { state, revision } = await this.streams.load(rings, RINGS_STREAM);
    showRevision(revision);
    return { rings: state };
  }
}
