import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsString } from 'class-validator';
import type { Clock } from '#kernel';
import type { Cursor } from '#event-store/port';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { TakesLargeBody } from '#platform/http/large-body';
import { IsReason, ReasonDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { MOST_LISTED } from '../../domain/device-list/device-list.js';
import { ImportDeviceList } from './command.js';

class ImportDeviceListDto {
  @ApiProperty({
    type: [String],
    maxItems: MOST_LISTED,
    example: ['acme/gateway/0001'],
    description: 'All of them, each as brand/model/serial, each once',
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_LISTED)
  @IsString({ each: true })
  devices!: string[];

  @IsReason()
  reason!: ReasonDto;
}

class ImportedListDto {
  @ApiProperty()
  list!: string;

  @ApiProperty({ description: 'Counted from 1; what a rule of membership names' })
  version!: number;

  @ApiProperty({ description: 'SHA-256 of its devices, one a line, in order' })
  digest!: string;

  @ApiProperty({ description: 'How many devices' })
  count!: number;

  @ApiProperty({ type: String, nullable: true, description: 'null: it said the same already' })
  cursor!: Cursor | null;
}

@ApiTags('rings')
@ApiBearerAuth()
@Controller('v1/device-lists')
export class ImportDeviceListRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post(':list')
  @HttpCode(200)
  @TakesLargeBody()
  @ApiOperation({
    operationId: 'importDeviceList',
    summary:
      'Import a list of devices: its next version, which changes no ring before a change request names it',
  })
  @ApiOkResponse({ type: ImportedListDto })
  import(
    @Param('list') list: string,
    @Body() { devices, reason }: ImportDeviceListDto,
    @CurrentSession() session: Session,
  ): Promise<ImportedListDto> {
    const context = commandContext({ session, reason, clock: this.clock });
    return this.commands.execute(new ImportDeviceList(list, devices, context));
  }
}
