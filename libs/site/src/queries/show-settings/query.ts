import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Clock } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { showRevision } from '#platform/given-command';
import { CLOCK, STREAM_WRITER } from '#platform/tokens';
import { INCUMBENT_KEYS, LEFT_BEHIND } from '../../domain/settings/incumbent-keys.js';
import {
  SECRET_SETTINGS,
  type SecretKey,
  type SecretSetting,
} from '../../domain/settings/secret-settings.js';
import { settings, SETTINGS_STREAM, type Settings } from '../../domain/settings/settings.js';
import {
  isSigningSetting,
  isWeaker,
  takesTwo,
  type RequestedSetting,
} from '../../domain/settings/signing-settings.js';
import { SITE_SETTINGS, type SiteSetting } from '../../domain/settings/site-settings.js';
import {
  RUNNING_SETTINGS,
  type ReadRunningSettings,
  type RunningSettings,
} from '../../settings/running-settings.js';
import type { RequestedSettingDto, RunningValueDto, SettingDto, SettingsDto } from './setting.dto.js';

/** Every setting that the site has, set or not; straight from its stream, so that a change is seen at once. */
export class ShowSettings extends Query<SettingsDto> {}

@QueryHandler(ShowSettings)
export class ShowSettingsHandler implements IQueryHandler<ShowSettings> {
  constructor(
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RUNNING_SETTINGS) private readonly readRunning: ReadRunningSettings,
  ) {}

  async execute(): Promise<SettingsDto> {
    const { state, revision } = await this.writer.load(settings, SETTINGS_STREAM);
    showRevision(revision);
    const last = await this.readRunning();
    const at = this.clock.now();
    const plain = SITE_SETTINGS.map((setting) => shownPlain(setting, state, last, at));
    const secret = SECRET_SETTINGS.map((setting) => shownSecret(setting, state, last));
    const incumbentKeys = INCUMBENT_KEYS.map(({ key, setting, fromOurs }) => {
      const found = plain.find((each) => each.key === setting);
      const value = found?.value ?? found?.fallback ?? null;
      return { key, setting, value: value === null ? null : fromOurs(value) };
    });
    const byKey = [...plain, ...secret].sort((a, b) => (a.key < b.key ? -1 : 1));
    return { settings: byKey, incumbentKeys, leftBehind: LEFT_BEHIND };
  }
}

function shownPlain(
  setting: SiteSetting,
  { values, requested: pending }: Settings,
  last: RunningSettings | undefined,
  at: string,
): SettingDto {
  const { key, fallback } = setting;
  const value = values.get(key) ?? null;
  const running = last === undefined ? null : plainRunning(setting, last, value);
  const waits = running !== null && running.from !== 'environment';
  const waiting = waits && (value ?? fallback) !== running.value;
  const ofTwo = takesTwo(key);
  const requested = ofTwo ? shownRequest(pending.get(key), at) : null;
  return { ...setting, value, secret: false, digest: null, running, takesTwo: ofTwo, requested, waiting };
}

function shownRequest(pending: RequestedSetting | undefined, at: string): RequestedSettingDto | null {
  if (!pending || Date.parse(at) >= Date.parse(pending.expiresAt)) return null;
  const { new: value, requestedBy, expiresAt } = pending;
  return { value, requestedBy: requestedBy.name, expiresAt };
}

function plainRunning(
  { key, fallback }: SiteSetting,
  { environment, stored }: RunningSettings,
  now: string | null,
): RunningValueDto {
  const [given, set] = [environment[key], stored[key]];
  const started = given ?? set ?? fallback;
  const decided = now ?? fallback;
  // What makes signing harder is in force at once, and what would make it easier than was decided is passed over.
  if (isSigningSetting(key) && started !== null && decided !== null && isWeaker(key, started, decided))
    return { value: decided, digest: null, from: now === null ? 'default' : 'site' };
  if (given !== undefined) return { value: given, digest: null, from: 'environment' };
  return { value: started, digest: null, from: set === undefined ? 'default' : 'site' };
}

function shownSecret(
  { key, variable, readBy }: SecretSetting,
  { secrets }: Settings,
  last: RunningSettings | undefined,
): SettingDto {
  const digest = secrets.get(key)?.hmacSha256 ?? null;
  const running = last === undefined ? null : secretRunning(key, last);
  const waiting = running !== null && running.from !== 'environment' && digest !== running.digest;
  const notOfPeople = { takesTwo: false, requested: null };
  return {
    key,
    variable,
    readBy,
    value: null,
    fallback: null,
    secret: true,
    digest,
    running,
    ...notOfPeople,
    waiting,
  };
}

function secretRunning(key: SecretKey, { environment, secrets }: RunningSettings): RunningValueDto {
  const [file, digest] = [environment[key], secrets[key]];
  if (file !== undefined) return { value: file, digest: null, from: 'environment' };
  return { value: null, digest: digest ?? null, from: digest === undefined ? 'default' : 'site' };
}
