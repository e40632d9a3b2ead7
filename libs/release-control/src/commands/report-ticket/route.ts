import { Body, Controller, Headers, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Public } from '#identity/published';
import { TakesSignedBody } from '#platform/http/signed-body';
import { TICKET_STATES, type TicketState } from '../../domain/change-request/ticket.js';
import { OutcomeDto } from '../outcome.dto.js';
import { ReportTicket } from './command.js';
import type { TicketMessage } from './message.js';

/** For the description of the API: what comes is read once its signature is right. */
class TicketMessageDto implements TicketMessage {
  @ApiProperty({ example: 'CR-2026-0042' })
  changeRequest!: string;

  @ApiProperty({ description: 'Of the request, as the system saw it; counted from 1' })
  revision!: number;

  @ApiProperty({ example: 'CHG-2042', description: 'As the request names it' })
  ticket!: string;

  @ApiProperty({ enum: TICKET_STATES })
  state!: TicketState;

  @ApiProperty({ description: 'Who decided it there' })
  by!: string;

  @ApiProperty({ format: 'date-time', description: 'When, by the system’s clock' })
  at!: string;
}

@ApiTags('change requests')
@Controller('v1/ticket-systems/:system/messages')
export class ReportTicketRoute {
  constructor(@Inject(CommandBus) private readonly commands: CommandBus) {}

  /** Without a session: the signature says who it is, and no person. */
  @Public()
  @TakesSignedBody()
  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'reportTicket',
    summary: 'A ticket system says how a ticket of a request stands, signed as Standard Webhooks has it',
  })
  @ApiBody({ type: TicketMessageDto })
  @ApiOkResponse({ type: OutcomeDto })
  report(
    @Param('system') system: string,
    @Headers('webhook-id') id: string | undefined,
    @Headers('webhook-timestamp') seconds: string | undefined,
    @Headers('webhook-signature') signature: string | undefined,
    @Body() body: Buffer | undefined,
  ): Promise<OutcomeDto> {
    const headers = { id: id ?? '', seconds: seconds ?? '', signature: signature ?? '' };
    return this.commands.execute(new ReportTicket(system, headers, body ?? Buffer.alloc(0)));
  }
}
