import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { ChangeSettingsRoute } from './commands/change-settings/route.js';
import { ConfirmSettingRoute } from './commands/confirm-setting/route.js';
import { RevealSecretsRoute } from './commands/reveal-secrets/route.js';
import { ShowSettingsHandler } from './queries/show-settings/query.js';
import { ShowSettingsRoute } from './queries/show-settings/route.js';

/** What control serves of this context. */
@Module({
  imports: [CqrsModule],
  controllers: [ShowSettingsRoute, ChangeSettingsRoute, ConfirmSettingRoute, RevealSecretsRoute],
  providers: [ShowSettingsHandler],
})
export class SiteRoutesModule {}
