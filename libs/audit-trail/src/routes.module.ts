import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { ListEventsHandler } from './queries/list-events/query.js';
import { ListEventsRoute } from './queries/list-events/route.js';

/** What control serves of this context. Needs READ_MODELS. */
@Module({ imports: [CqrsModule], controllers: [ListEventsRoute], providers: [ListEventsHandler] })
export class AuditTrailRoutesModule {}
