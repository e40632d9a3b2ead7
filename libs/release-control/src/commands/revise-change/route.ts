import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiOperation,
  ApiPropertyOptional,
  ApiTags,
  OmitType,
} from '@nestjs/swagger';
import { IsBoolean, IsOptional } from 'class-validator';
import type { Clock } from '#kernel';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { TakesLargeBody } from '#platform/http/large-body';
import { IsReason, ReasonDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { toItem } from '../draft-change/item.dto.js';
import { AskedItemsDto } from '../draft-change/asked-items.dto.js';
import { IsTicket, TicketDto, toTicket } from '../ticket.dto.js';
import { IsTime, windowOf } from '../draft-change/window.dto.js';
import { OutcomeDto } from '../outcome.dto.js';
import { ReviseChange } from './command.js';

class ReviseChangeDto extends OmitType(AskedItemsDto, ['ring', 'ifPolicy'] as const) {
  @IsTime('The earliest time at which it may take effect: approved before, it is scheduled')
  notBefore?: string;

  @IsTime('The latest: what is not in force by then expires')
  notAfter?: string;

  @IsTicket()
  ticket?: TicketDto;

  @IsReason()
  reason!: ReasonDto;

  @ApiPropertyOptional({ default: true, description: 'false keeps it a draft' })
  @IsOptional()
  @IsBoolean()
  submit?: boolean;
}

@ApiTags('change requests')
@ApiBearerAuth()
@Controller('v1/change-requests')
export class ReviseChangeRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @TakesLargeBody()
  @Post(':id/revise')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'reviseChange',
    summary: 'Say a request anew, whole: what it was is kept, and its signatures are void',
  })
  @ApiAcceptedResponse({ type: OutcomeDto })
  revise(
    @Param('id') id: string,
    @Body() body: ReviseChangeDto,
    @CurrentSession() session: Session,
  ): Promise<OutcomeDto> {
    const context = commandContext({ session, reason: body.reason, clock: this.clock });
    return this.commands.execute(
      new ReviseChange(
        id,
        body.items.map(toItem),
        windowOf(body),
        body.submit ?? true,
        context,
        body.ticket && toTicket(body.ticket),
      ),
    );
  }
}
