import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsString, MaxLength, ValidateIf } from 'class-validator';
import type { Clock } from '#kernel';
import {
  CurrentSession,
  personActor,
  Reauthentication,
  ReauthenticationBody,
  type Session,
} from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { HttpError } from '#platform/http/errors';
import { CLOCK } from '#platform/tokens';
import { takesTwo, SETTINGS_OF_TWO } from '../../domain/settings/signing-settings.js';
import { ShowSettings } from '../../queries/show-settings/query.js';
import { ChangedSettingsDto } from '../change-settings/changed-settings.dto.js';
import { ConfirmSetting } from './command.js';

class ConfirmSettingDto extends ReauthenticationBody {
  @ApiProperty({
    type: String,
    nullable: true,
    example: 'optional',
    description: 'What was asked for, as it was read; null: back to the default',
  })
  @ValidateIf((_body: object, value: unknown) => value !== null)
  @IsString()
  @MaxLength(100)
  value!: string | null;
}

@ApiTags('site')
@ApiBearerAuth()
@Controller('v1/settings')
export class ConfirmSettingRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
    private readonly reauthentication: Reauthentication,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post(':key/confirm')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'confirmSetting',
    summary: 'Change a setting by which people sign, as the second person who says so',
    description: 'Another admin, or somebody with the role qa, than who asked, a week ago at most.',
  })
  @ApiParam({ name: 'key', enum: SETTINGS_OF_TWO })
  @ApiOkResponse({ type: ChangedSettingsDto })
  async confirm(
    @Param('key') key: string,
    @Body() { value, reason, ...components }: ConfirmSettingDto,
    @CurrentSession() session: Session,
  ): Promise<ChangedSettingsDto> {
    if (!takesTwo(key))
      throw new HttpError('invalid-request', `${key} takes nobody to confirm it: change it`);
    const proved = await this.reauthentication.forCredentials(session, components);
    const actor = personActor(session, proved);
    const context = commandContext({ session: { actor }, reason, clock: this.clock });
    const cursor = await this.commands.execute(new ConfirmSetting(key, value, context));
    const { settings } = await this.queries.execute(new ShowSettings());
    return { settings: settings.filter((setting) => setting.key === key), cursor };
  }
}
