import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { ChangeSettingsHandler } from './commands/change-settings/command.js';
import { ConfirmSettingHandler } from './commands/confirm-setting/command.js';
import { RevealSecretsHandler } from './commands/reveal-secrets/command.js';

/** The commands that people give at control; the host's go straight to the deciders. */
@Module({
  imports: [CqrsModule],
  providers: [ChangeSettingsHandler, ConfirmSettingHandler, RevealSecretsHandler],
})
export class SiteCommandsModule {}
