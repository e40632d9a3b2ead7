import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { INCUMBENT_KEYS, LEFT_BEHIND } from '../../domain/settings/incumbent-keys.js';
import { settings, SETTINGS_STREAM } from '../../domain/settings/settings.js';
import { SITE_SETTINGS, type SiteSetting } from '../../domain/settings/site-settings.js';
import {
  RUNNING_SETTINGS,
  type ReadRunningSettings,
  type RunningSettings,
} from '../../settings/running-settings.js';
import type { RunningValueDto, SettingsDto } from './setting.dto.js';

/** Every setting that the site has, set or not; straight from its stream, so that a change is seen at once. */
export class ShowSettings extends Query<SettingsDto> {}

@QueryHandler(ShowSettings)
export class ShowSettingsHandler implements IQueryHandler<ShowSettings> {
  constructor(
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
    @Inject(RUNNING_SETTINGS) private readonly readRunning: ReadRunningSettings,
  ) {}

  async execute(): Promise<SettingsDto> {
    const { state } = await this.writer.load(settings, SETTINGS_STREAM);
    const last = await this.readRunning();
    const shown = SITE_SETTINGS.map((setting) => {
      const value = state.get(setting.key) ?? null;
      const running = last === undefined ? null : runningValue(setting, last);
      const waits = running !== null && running.from !== 'environment';
      return { ...setting, value, running, waiting: waits && (value ?? setting.fallback) !== running.value };
    });
    const incumbentKeys = INCUMBENT_KEYS.map(({ key, setting, fromOurs }) => {
      const found = shown.find((each) => each.key === setting);
      const value = found?.value ?? found?.fallback ?? null;
      return { key, setting, value: value === null ? null : fromOurs(value) };
    });
    return { settings: shown, incumbentKeys, leftBehind: LEFT_BEHIND };
  }
}

function runningValue(setting: SiteSetting, { environment, stored }: RunningSettings): RunningValueDto {
  const { key, fallback } = setting;
  const [given, set] = [environment[key], stored[key]];
  if (given !== undefined) return { value: given, from: 'environment' };
  return set === undefined ? { value: fallback, from: 'default' } : { value: set, from: 'site' };
}
