import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentSession, SignDto, type Session } from '#identity/published';
import { OutcomeDto } from '../outcome.dto.js';
import { Signing } from '../signing.js';
import { ApproveChange } from './command.js';

@ApiTags('change requests')
@ApiBearerAuth()
@Controller('v1/change-requests')
export class ApproveChangeRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    private readonly signing: Signing,
  ) {}

  @Post(':id/approve')
  @HttpCode(200)
  @ApiOperation({ operationId: 'approveChange', summary: 'Sign that a change may take effect' })
  @ApiOkResponse({ type: OutcomeDto })
  async approve(
    @Param('id') id: string,
    @Body() body: SignDto,
    @CurrentSession() session: Session,
  ): Promise<OutcomeDto> {
    const { signature, context } = await this.signing.sign('approved', id, body, session);
    return this.commands.execute(new ApproveChange(id, signature, context));
  }
}
