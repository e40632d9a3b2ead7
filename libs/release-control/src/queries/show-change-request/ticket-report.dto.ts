import { ApiProperty, PickType } from '@nestjs/swagger';
import { TicketDto } from '../../commands/ticket.dto.js';
import { TICKET_STATES, type TicketReport, type TicketState } from '../../domain/change-request/ticket.js';

class NamedTicketDto extends PickType(TicketDto, ['system', 'id'] as const) {}

export class TicketReportDto implements TicketReport {
  @ApiProperty({ description: 'Id of the message' })
  message!: string;
  @ApiProperty({ type: NamedTicketDto })
  ticket!: NamedTicketDto;
  @ApiProperty({ description: 'Of the request: what was said of another one counts no more' })
  revision!: number;
  @ApiProperty({ enum: TICKET_STATES })
  state!: TicketState;
  @ApiProperty({ description: 'Who decided it there' })
  by!: string;
  @ApiProperty({ format: 'date-time', description: 'When, by the system’s clock' })
  at!: string;
}
