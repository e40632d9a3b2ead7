import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentSession, SignDto, type Session } from '#identity/published';
import { OutcomeDto } from '../outcome.dto.js';
import { Signing } from '../signing.js';
import { UseTemplate } from './command.js';

@ApiTags('change requests')
@ApiBearerAuth()
@Controller('v1/change-requests')
export class UseTemplateRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    private readonly signing: Signing,
  ) {}

  @Post(':id/use-template')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'useTemplate',
    summary: 'Sign that a standard change takes effect by its template, and hand it in',
    description:
      'The signature is over `standardChange.record` of the draft. Within the template’s limits it takes effect without another one; else it is in review, with the reasons.',
  })
  @ApiAcceptedResponse({ type: OutcomeDto })
  async use(
    @Param('id') id: string,
    @Body() body: SignDto,
    @CurrentSession() session: Session,
  ): Promise<OutcomeDto> {
    const { signature, context } = await this.signing.sign('released-by-template', id, body, session);
    return this.commands.execute(new UseTemplate(id, signature, context));
  }
}
