import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsObject, IsOptional, IsString, Length, Matches, ValidateNested } from 'class-validator';
import { TICKET_ID, TICKET_SYSTEM, type Ticket } from '../domain/change-request/ticket.js';

/** A record outside that a request follows. */
export class TicketDto implements Ticket {
  @ApiProperty({ example: 'servicedesk', description: 'As the site calls the system' })
  @IsString()
  @Matches(TICKET_SYSTEM, { message: 'must be small letters, digits and hyphens, 32 at most' })
  system!: string;

  @ApiProperty({ example: 'CHG-2042', description: 'As the system calls the ticket' })
  @IsString()
  @Matches(TICKET_ID, { message: 'must be 1 to 100 printable characters without blanks' })
  id!: string;

  @ApiProperty({ example: 'https://tickets.site.example/CHG-2042', description: 'Where people read it' })
  @IsString()
  @Length(1, 500)
  url!: string;
}

export function IsTicket(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      type: TicketDto,
      description: 'The record in another system that it follows: part of what is signed',
    }),
    IsOptional(),
    IsObject(),
    ValidateNested(),
    Type(() => TicketDto),
  );
}

export function toTicket({ system, id, url }: TicketDto): Ticket {
  return { system, id, url };
}
