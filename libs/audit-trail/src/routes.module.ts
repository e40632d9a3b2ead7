import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { CopyRecordHandler } from './commands/copy-record/command.js';
import { CopyRecordRoute } from './commands/copy-record/route.js';
import { NoteCopyHandler } from './commands/note-copy/command.js';
import { NoteCopyRoute } from './commands/note-copy/route.js';
import { ListEventsHandler } from './queries/list-events/query.js';
import { ListEventsRoute } from './queries/list-events/route.js';
import {
  CountEventsHandler,
  EventsOfTypesHandler,
  LastOfStreamsHandler,
  ReadRangeHandler,
  ReadTrailSizeHandler,
} from './queries/read-range/query.js';

/** What control serves of this context. Needs READ_MODELS, STREAM_WRITER, CLOCK. */
@Module({
  imports: [CqrsModule],
  controllers: [ListEventsRoute, CopyRecordRoute, NoteCopyRoute],
  providers: [
    ListEventsHandler,
    CopyRecordHandler,
    NoteCopyHandler,
    ReadTrailSizeHandler,
    ReadRangeHandler,
    CountEventsHandler,
    EventsOfTypesHandler,
    LastOfStreamsHandler,
  ],
})
export class AuditTrailRoutesModule {}
