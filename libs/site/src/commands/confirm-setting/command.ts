import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { Cursor } from '#event-store/port';
import { RolesHeld } from '#identity/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { settings, SETTINGS_STREAM } from '../../domain/settings/settings.js';
import { mayDecideOnSigning, type SettingOfTwo } from '../../domain/settings/signing-settings.js';
import { refusedSettings } from '../../settings/refused-settings.js';

/** Change a setting by which people sign, as the second person who says so. */
export class ConfirmSetting extends Command<Cursor | null> {
  constructor(
    readonly key: SettingOfTwo,
    /** What was asked for, as it was read. Null: back to the default. */
    readonly value: string | null,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(ConfirmSetting)
export class ConfirmSettingHandler implements ICommandHandler<ConfirmSetting> {
  constructor(
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
    private readonly rolesHeld: RolesHeld,
  ) {}

  async execute({ key, value, context }: ConfirmSetting): Promise<Cursor | null> {
    const { state } = await this.writer.load(settings, SETTINGS_STREAM);
    const { cursor } = await this.writer.decideAndAppend(settings, SETTINGS_STREAM, {
      type: 'ConfirmSetting',
      key,
      value,
      requesterMay: await this.may(state.requested.get(key)?.requestedBy.id),
      refused: (values) => refusedSettings(values).map(({ sentence }) => sentence),
      context,
    });
    return cursor;
  }

  private async may(requester: string | undefined): Promise<boolean> {
    if (requester === undefined) return false;
    const held = (await this.rolesHeld.by([requester])).get(requester);
    return mayDecideOnSigning(held?.roles ?? []);
  }
}
