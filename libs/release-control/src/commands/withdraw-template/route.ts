import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { Clock } from '#kernel';
import type { Cursor } from '#event-store/port';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { ReasonOnlyDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { WithdrawTemplate, type WithdrawnTemplate } from './command.js';

class WithdrawnTemplateDto implements WithdrawnTemplate {
  @ApiProperty()
  ring!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ description: 'The one that was in force' })
  version!: number;

  @ApiProperty({ type: String, nullable: true })
  cursor!: Cursor | null;
}

@ApiTags('release policy')
@ApiBearerAuth()
@Controller('v1/templates')
export class WithdrawTemplateRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post(':ring/:name/withdraw')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'withdrawTemplate',
    summary: 'Take a template away, at once; to have it back takes a change request',
  })
  @ApiOkResponse({ type: WithdrawnTemplateDto })
  withdraw(
    @Param('ring') ring: string,
    @Param('name') name: string,
    @Body() { reason }: ReasonOnlyDto,
    @CurrentSession() session: Session,
  ): Promise<WithdrawnTemplateDto> {
    const context = commandContext({ session, reason, clock: this.clock });
    return this.commands.execute(new WithdrawTemplate(ring, name, context));
  }
}
