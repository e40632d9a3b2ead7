import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsString,
  MaxLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import type { Clock } from '#kernel';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { IsReason, ReasonDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { secretsApart } from '../../domain/settings/given-changes.js';
import { settingOf } from '../../domain/settings/incumbent-keys.js';
import { ShowSettings } from '../../queries/show-settings/query.js';
import { ChangedSettingsDto } from './changed-settings.dto.js';
import { ChangeSettings } from './command.js';

class SettingChangeDto {
  @ApiProperty({ example: 'cache-size', description: 'Ours, or one of the incumbentKeys' })
  @IsString()
  @MaxLength(100)
  key!: string;

  @ApiProperty({ type: String, nullable: true, example: '16G', description: 'null: back to the default' })
  @ValidateIf((_body: object, value: unknown) => value !== null)
  @IsString()
  @MaxLength(4_000)
  value!: string | null;
}

class ChangeSettingsDto {
  @ApiProperty({ type: [SettingChangeDto], description: 'All of them or none' })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => SettingChangeDto)
  changes!: SettingChangeDto[];

  @IsReason()
  reason!: ReasonDto;
}

@ApiTags('site')
@ApiBearerAuth()
@Controller('v1/settings')
export class ChangeSettingsRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'changeSettings',
    summary: "Change some of the site's settings",
    description:
      'Those by which people sign are an admin’s or qa’s to ask for; then nothing changes until a second one confirms it, within a week.',
  })
  @ApiOkResponse({ type: ChangedSettingsDto })
  async change(
    @Body() { changes, reason }: ChangeSettingsDto,
    @CurrentSession() session: Session,
  ): Promise<ChangedSettingsDto> {
    const context = commandContext({ session, reason, clock: this.clock });
    const cursor = await this.commands.execute(new ChangeSettings(changes, context));
    const { settings } = await this.queries.execute(new ShowSettings());
    const { plain, secrets } = secretsApart(changes);
    const named = new Set([...plain, ...secrets].map(({ key }) => settingOf(key)));
    return { settings: settings.filter(({ key }) => named.has(key)), cursor };
  }
}
