import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentSession, SignDto, type Session } from '#identity/published';
import { OutcomeDto } from '../outcome.dto.js';
import { Signing } from '../signing.js';
import { ReleaseEmergency } from './command.js';

@ApiTags('change requests')
@ApiBearerAuth()
@Controller('v1/change-requests')
export class ReleaseEmergencyRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    private readonly signing: Signing,
  ) {}

  @Post(':id/release')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'releaseEmergency',
    summary: "Sign that a change takes effect now, under the ring's pre-authorisation; it must be ratified",
  })
  @ApiOkResponse({ type: OutcomeDto })
  async release(
    @Param('id') id: string,
    @Body() body: SignDto,
    @CurrentSession() session: Session,
  ): Promise<OutcomeDto> {
    const { signature, context } = await this.signing.sign('released', id, body, session);
    return this.commands.execute(new ReleaseEmergency(id, signature, context));
  }
}
