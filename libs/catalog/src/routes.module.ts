import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { RequestSyncRoute } from './commands/request-sync/route.js';
import { UnwatchSnapRoute } from './commands/unwatch-snap/route.js';
import { WatchSnapRoute } from './commands/watch-snap/route.js';
import { ListCandidatesHandler } from './queries/list-candidates/query.js';
import { ListCandidatesRoute } from './queries/list-candidates/route.js';
import { ListWatchedSnapsHandler } from './queries/list-watched-snaps/query.js';
import { ListWatchedSnapsRoute } from './queries/list-watched-snaps/route.js';
import { ShowSyncHandler } from './queries/show-sync/query.js';
import { ShowSyncRoute } from './queries/show-sync/route.js';

/** What control serves of this context. */
@Module({
  imports: [CqrsModule],
  controllers: [
    WatchSnapRoute,
    UnwatchSnapRoute,
    ListWatchedSnapsRoute,
    ListCandidatesRoute,
    RequestSyncRoute,
    ShowSyncRoute,
  ],
  providers: [ListWatchedSnapsHandler, ListCandidatesHandler, ShowSyncHandler],
})
export class CatalogRoutesModule {}
