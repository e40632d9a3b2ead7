import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import type { Clock } from '#kernel';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { ReasonOnlyDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { OutcomeDto } from '../outcome.dto.js';
import { HandOverChange } from './command.js';

class HandOverDto extends ReasonOnlyDto {
  @ApiProperty({ description: 'Login of who works on it from now on, an author in its ring' })
  @IsString()
  @Length(1, 100)
  to!: string;
}

@ApiTags('change requests')
@ApiBearerAuth()
@Controller('v1/change-requests')
export class HandOverChangeRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post(':id/hand-over')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'handOverChange',
    summary: 'Give what a disabled person was working on to another author, as an admin',
  })
  @ApiOkResponse({ type: OutcomeDto })
  handOver(
    @Param('id') id: string,
    @Body() { to, reason }: HandOverDto,
    @CurrentSession() session: Session,
  ): Promise<OutcomeDto> {
    const context = commandContext({ session, reason, clock: this.clock });
    return this.commands.execute(new HandOverChange(id, to, context));
  }
}
