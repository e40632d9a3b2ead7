import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentSession, SignDto, type Session } from '#identity/published';
import { OutcomeDto } from '../outcome.dto.js';
import { Signing } from '../signing.js';
import { RefuseRatification } from './command.js';

@ApiTags('change requests')
@ApiBearerAuth()
@Controller('v1/change-requests')
export class RefuseRatificationRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    private readonly signing: Signing,
  ) {}

  @Post(':id/refuse-ratification')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'refuseRatification',
    summary: 'Sign that what was released in an emergency is not right: the ring is halted',
  })
  @ApiOkResponse({ type: OutcomeDto })
  async refuse(
    @Param('id') id: string,
    @Body() body: SignDto,
    @CurrentSession() session: Session,
  ): Promise<OutcomeDto> {
    const { signature, context } = await this.signing.sign('ratification-refused', id, body, session);
    return this.commands.execute(new RefuseRatification(id, signature, context));
  }
}
