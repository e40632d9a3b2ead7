import { ApiProperty } from '@nestjs/swagger';
import type { Cursor } from '#event-store/port';
import { SettingDto } from '../../queries/show-settings/setting.dto.js';

export class ChangedSettingsDto {
  @ApiProperty({ type: [SettingDto], description: 'Those that were named' })
  settings!: readonly SettingDto[];

  @ApiProperty({ type: String, nullable: true, description: 'null when all were so already' })
  cursor!: Cursor | null;
}
