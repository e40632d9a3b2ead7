import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentSession, SignDto, type Session } from '#identity/published';
import { OutcomeDto } from '../outcome.dto.js';
import { Signing } from '../signing.js';
import { RejectChange } from './command.js';

@ApiTags('change requests')
@ApiBearerAuth()
@Controller('v1/change-requests')
export class RejectChangeRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    private readonly signing: Signing,
  ) {}

  @Post(':id/reject')
  @HttpCode(200)
  @ApiOperation({ operationId: 'rejectChange', summary: 'Sign that a change shall not take effect' })
  @ApiOkResponse({ type: OutcomeDto })
  async reject(
    @Param('id') id: string,
    @Body() body: SignDto,
    @CurrentSession() session: Session,
  ): Promise<OutcomeDto> {
    const { signature, context } = await this.signing.sign('rejected', id, body, session);
    return this.commands.execute(new RejectChange(id, signature, context));
  }
}
