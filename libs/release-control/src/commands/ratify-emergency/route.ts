import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentSession, SignDto, type Session } from '#identity/published';
import { RatificationOutcomeDto } from '../outcome.dto.js';
import { Signing } from '../signing.js';
import { RatifyEmergency } from './command.js';

@ApiTags('change requests')
@ApiBearerAuth()
@Controller('v1/change-requests')
export class RatifyEmergencyRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    private readonly signing: Signing,
  ) {}

  @Post(':id/ratify')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'ratifyEmergency',
    summary: 'Sign that what was released in an emergency is right: approval after the fact',
  })
  @ApiOkResponse({ type: RatificationOutcomeDto })
  async ratify(
    @Param('id') id: string,
    @Body() body: SignDto,
    @CurrentSession() session: Session,
  ): Promise<RatificationOutcomeDto> {
    const { signature, context } = await this.signing.sign('ratified', id, body, session);
    return this.commands.execute(new RatifyEmergency(id, signature, context));
  }
}
