import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { Cursor } from '#event-store/port';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { settings, SETTINGS_STREAM, type SettingChange } from '../../domain/settings/settings.js';
import { refusedSettings } from '../../settings/refused-settings.js';

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
  constructor(@Inject(STREAM_WRITER) private readonly writer: StreamWriter) {}

  async execute({ changes, context }: ChangeSettings): Promise<Cursor | null> {
    const command = { type: 'ChangeSettings', changes, context, refused: refusedSettings } as const;
    return (await this.writer.decideAndAppend(settings, SETTINGS_STREAM, command)).cursor;
  }
}
