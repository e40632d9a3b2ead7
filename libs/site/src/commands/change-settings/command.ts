import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { Cursor } from '#event-store/port';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { secretsApart, type GivenSecret } from '../../domain/settings/given-changes.js';
import {
  settings,
  SETTINGS_STREAM,
  type SecretChange,
  type SettingChange,
  type SettingsCommand,
} from '../../domain/settings/settings.js';
import { requireOperator } from '../../domain/settings/who-may-change.js';
import { wrongSetting } from '../../domain/settings/wrong-setting.js';
import { SealedSettings } from '../../sealed/sealed-settings.js';
import { refusedSecret, refusedSettings } from '../../settings/refused-settings.js';

/** Set, or unset, some of the site's settings: all of them or none. */
export class ChangeSettings extends Command<Cursor | null> {
  constructor(
    readonly changes: readonly SettingChange[],
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(ChangeSettings)
export class ChangeSettingsHandler implements ICommandHandler<ChangeSettings> {
  constructor(
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
    private readonly sealed: SealedSettings,
  ) {}

  async execute({ changes, context }: ChangeSettings): Promise<Cursor | null> {
    const { plain, secrets } = secretsApart(changes);
    // Nobody else gets to write a row; whether this one may is asked again when it is decided.
    if (secrets.length > 0) requireOperator(context);
    const sentences = secrets.flatMap(refusedSecret);
    if (sentences.length > 0) throw wrongSetting(sentences);
    // Before the event that names them: a crash in between leaves rows that nothing names.
    const sealed = await Promise.all(secrets.map((secret) => this.seal(secret)));
    const command: SettingsCommand = {
      type: 'ChangeSettings',
      changes: [...plain, ...sealed],
      context,
      refused: (values) => refusedSettings(values).map(({ sentence }) => sentence),
    };
    const { state: before } = await this.writer.load(settings, SETTINGS_STREAM);
    const { state, cursor } = await this.writer.decideAndAppend(settings, SETTINGS_STREAM, command);
    for (const { key } of sealed) {
      const kept = [before, state].flatMap((each) => each.secrets.get(key) ?? []);
      // The change is made; what stays in the table does no harm there, and is swept after the next one.
      await this.sealed.sweep(key, kept, context.at).catch(() => undefined);
    }
    return cursor;
  }

  private async seal({ key, value }: GivenSecret): Promise<SecretChange> {
    return { key, digest: value === null ? null : await this.sealed.put(key, value) };
  }
}
