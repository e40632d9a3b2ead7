import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsObject, IsOptional, IsString, Matches, ValidateNested } from 'class-validator';
import { TICKET_APPROVED, type TicketRule } from './domain/approval-policy/ticket-rule.js';
import { TICKET_SYSTEM } from './domain/change-request/ticket.js';

/** The ticket that each change of a ring names. */
export class TicketRuleDto implements TicketRule {
  @ApiProperty({ example: 'servicedesk', description: 'The system that it must be of' })
  @IsString()
  @Matches(TICKET_SYSTEM, { message: 'must be small letters, digits and hyphens, 32 at most' })
  system!: string;

  @ApiPropertyOptional({
    enum: TICKET_APPROVED,
    description:
      'Its system must have said that it is approved before anybody signs, or before the change takes effect; absent: it must be named',
  })
  @IsOptional()
  @IsIn(TICKET_APPROVED)
  approved?: (typeof TICKET_APPROVED)[number];
}

export function HasTicketRule(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: TicketRuleDto, description: 'Absent: no ticket is asked for' }),
    IsOptional(),
    IsObject(),
    ValidateNested(),
    Type(() => TicketRuleDto),
  );
}

export function toTicketRule({ system, approved }: TicketRuleDto): TicketRule {
  return { system, ...(approved === undefined ? {} : { approved }) };
}
