import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AddSinkHandler } from './commands/add-sink/command.js';
import { ChangeSinkHandler } from './commands/change-sink/command.js';
import { SetMailAddressHandler } from './commands/set-mail-address/command.js';
import { ReplaySinkHandler, SteerSinkHandler } from './commands/steer-sink/command.js';

/** What people say of where events go. */
@Module({
  imports: [CqrsModule],
  providers: [AddSinkHandler, ChangeSinkHandler, SteerSinkHandler, ReplaySinkHandler, SetMailAddressHandler],
})
export class NotificationCommandsModule {}
