import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentSession, SignDto, type Session } from '#identity/published';
import { OutcomeDto } from '../outcome.dto.js';
import { Signing } from '../signing.js';
import { ReviewChange } from './command.js';

@ApiTags('change requests')
@ApiBearerAuth()
@Controller('v1/change-requests')
export class ReviewChangeRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    private readonly signing: Signing,
  ) {}

  @Post(':id/review')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'reviewChange',
    summary: 'Sign that you have reviewed a change, which approves nothing',
    description:
      'Where the approval policy asks for it, before approvals. Who reviews a change does not approve it.',
  })
  @ApiOkResponse({ type: OutcomeDto })
  async review(
    @Param('id') id: string,
    @Body() body: SignDto,
    @CurrentSession() session: Session,
  ): Promise<OutcomeDto> {
    const { signature, context } = await this.signing.sign('reviewed', id, body, session);
    return this.commands.execute(new ReviewChange(id, signature, context));
  }
}
