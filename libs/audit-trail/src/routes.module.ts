import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { ExportEventsHandler } from './queries/export-events/query.js';
import { ExportEventsRoute } from './queries/export-events/route.js';
import { ListEventsHandler } from './queries/list-events/query.js';
import { ListEventsRoute } from './queries/list-events/route.js';
import {
  CountEventsHandler,
  EventsOfTypesHandler,
  LastOfStreamsHandler,
  ReadRangeHandler,
  ReadTrailSizeHandler,
} from './queries/read-range/query.js';

/** What control serves of this context. Needs READ_MODELS. */
@Module({
  imports: [CqrsModule],
  controllers: [ListEventsRoute, ExportEventsRoute],
  providers: [
    ListEventsHandler,
    ExportEventsHandler,
    ReadTrailSizeHandler,
    ReadRangeHandler,
    CountEventsHandler,
    EventsOfTypesHandler,
    LastOfStreamsHandler,
  ],
})
export class AuditTrailRoutesModule {}
