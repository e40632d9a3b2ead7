import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentSession, SignDto, type Session } from '#identity/published';
import { OutcomeDto } from '../outcome.dto.js';
import { Signing } from '../signing.js';
import { SubmitChange } from './command.js';

@ApiTags('change requests')
@ApiBearerAuth()
@Controller('v1/change-requests')
export class SubmitSignedRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    private readonly signing: Signing,
  ) {}

  @Post(':id/submit-signed')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'submitSignedChange',
    summary: 'Hand in a draft with your signature as its author: it approves nothing',
    description:
      'Over the digest of `draft.record` of the request. Where no ring asks for it, it is taken as well.',
  })
  @ApiAcceptedResponse({ type: OutcomeDto })
  async submit(
    @Param('id') id: string,
    @Body() body: SignDto,
    @CurrentSession() session: Session,
  ): Promise<OutcomeDto> {
    const { signature, context } = await this.signing.sign('authored', id, body, session);
    return this.commands.execute(new SubmitChange(id, context, signature));
  }
}
