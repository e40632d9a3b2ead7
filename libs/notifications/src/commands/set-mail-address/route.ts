import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsString, MaxLength, ValidateIf } from 'class-validator';
import type { Clock } from '#kernel';
import type { Cursor } from '#event-store/port';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { IsReason, ReasonDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { SetMailAddress } from './command.js';

class SetMailAddressDto {
  @ApiProperty({ example: 'ana' })
  @IsString()
  @MaxLength(32)
  login!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'ana@site.example',
    description: 'null: none any more',
  })
  @ValidateIf((_body: object, value: unknown) => value !== null)
  @IsString()
  @MaxLength(300)
  address!: string | null;

  @IsReason()
  reason!: ReasonDto;
}

class MailAddressOutcomeDto {
  @ApiProperty()
  readonly login!: string;

  @ApiProperty({ type: String, nullable: true, description: 'null when it was so already' })
  readonly cursor!: Cursor | null;
}

@ApiTags('sinks')
@ApiBearerAuth()
@Controller('v1/mail-addresses')
export class SetMailAddressRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ operationId: 'setMailAddress', summary: 'Say where a person gets mail' })
  @ApiOkResponse({ type: MailAddressOutcomeDto })
  async set(
    @Body() { login, address, reason }: SetMailAddressDto,
    @CurrentSession() session: Session,
  ): Promise<MailAddressOutcomeDto> {
    const context = commandContext({ session, reason, clock: this.clock });
    return { login, cursor: await this.commands.execute(new SetMailAddress(login, address, context)) };
  }
}
