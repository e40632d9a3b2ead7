import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { settings, SETTINGS_STREAM } from '../../domain/settings/settings.js';
import { SITE_SETTINGS, type SiteSetting } from '../../domain/settings/site-settings.js';
import {
  RUNNING_SETTINGS,
  type ReadRunningSettings,
  type RunningSettings,
} from '../../settings/running-settings.js';
import type { RunningValueDto, SettingDto } from './setting.dto.js';

/** Every setting that the site has, set or not; straight from its stream, so that a change is seen at once. */
export class ShowSettings extends Query<readonly SettingDto[]> {}

@QueryHandler(ShowSettings)
export class ShowSettingsHandler implements IQueryHandler<ShowSettings> {
  constructor(
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
    @Inject(RUNNING_SETTINGS) private readonly readRunning: ReadRunningSettings,
  ) {}

  async execute(): Promise<readonly SettingDto[]> {
    const { state } = await this.writer.load(settings, SETTINGS_STREAM);
    const last = await this.readRunning();
    return SITE_SETTINGS.map((setting) => {
      const value = state.get(setting.key) ?? null;
      const running = last === undefined ? null : runningValue(setting, last);
      const waiting =
        running !== null && running.from !== 'environment' && next(setting, value) !== running.value;
      return { ...setting, value, running, waiting };
    });
  }
}

function next({ fallback }: SiteSetting, value: string | null): string | null {
  return value ?? fallback;
}

function runningValue(setting: SiteSetting, { environment, stored }: RunningSettings): RunningValueDto {
  const { key, fallback } = setting;
  const [given, set] = [environment[key], stored[key]];
  if (given !== undefined) return { value: given, from: 'environment' };
  return set === undefined ? { value: fallback, from: 'default' } : { value: set, from: 'site' };
}
