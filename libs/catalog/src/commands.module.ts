import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { RequestSyncHandler } from './commands/request-sync/command.js';
import { UnwatchSnapHandler } from './commands/unwatch-snap/command.js';
import { WatchSnapHandler } from './commands/watch-snap/command.js';

/** The commands that people give. What the worker reports goes straight to the deciders. */
@Module({
  imports: [CqrsModule],
  providers: [WatchSnapHandler, UnwatchSnapHandler, RequestSyncHandler],
})
export class CatalogCommandsModule {}
