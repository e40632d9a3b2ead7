import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { IsBoolean, IsOptional, IsString, Length } from 'class-validator';
import type { Clock } from '#kernel';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { IsReason, ReasonDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { OutcomeDto } from '../outcome.dto.js';
import { VerifyChange } from './command.js';

class VerifyChangeDto {
  @ApiProperty({ description: 'Whether the change does what it was approved for' })
  @IsBoolean()
  passed!: boolean;

  @ApiProperty({
    description: 'What was looked at: which devices, which test',
    minLength: 10,
    maxLength: 2_000,
  })
  @IsString()
  @Length(10, 2_000)
  lookedAt!: string;

  @ApiPropertyOptional({
    description: 'In which ring it was looked at; required of a plan: refused where another ring has it last',
    example: 'canary',
  })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  ring?: string;

  @IsReason()
  reason!: ReasonDto;
}

@ApiTags('change requests')
@ApiBearerAuth()
@Controller('v1/change-requests')
export class VerifyChangeRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post(':id/verify')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'verifyChange',
    summary: 'Record what came of a change that is in force',
    description: 'What the delivery records say of each revision that it set is recorded with it.',
  })
  @ApiOkResponse({ type: OutcomeDto })
  verify(
    @Param('id') id: string,
    @Body() { passed, lookedAt, ring, reason }: VerifyChangeDto,
    @CurrentSession() session: Session,
  ): Promise<OutcomeDto> {
    const context = commandContext({ session, reason, clock: this.clock });
    return this.commands.execute(new VerifyChange(id, passed, lookedAt, context, ring));
  }
}
