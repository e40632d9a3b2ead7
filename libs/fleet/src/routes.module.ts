import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { CreateRingRoute } from './commands/create-ring/route.js';
import { ImportDeviceListRoute } from './commands/import-device-list/route.js';
import { EnrolNodeRoute } from './commands/enrol-node/route.js';
import { InviteNodeRoute } from './commands/invite-node/route.js';
import { RecordDeliveriesRoute } from './commands/record-deliveries/route.js';
import { RenewNodeKeyRoute } from './commands/renew-node-key/route.js';
import { RetireNodeRoute } from './commands/retire-node/route.js';
import { TakeHeartbeatRoute } from './commands/take-heartbeat/route.js';
import { CountMembersRoute } from './queries/count-members/route.js';
import { ListDeliveriesHandler } from './queries/list-deliveries/query.js';
import { ListDeliveriesRoute } from './queries/list-deliveries/route.js';
import { ListDifferencesHandler } from './queries/list-differences/query.js';
import { ListDifferencesRoute } from './queries/list-differences/route.js';
import { ListInstalledRevisionsHandler } from './queries/list-installed-revisions/query.js';
import { ListInstalledRevisionsRoute } from './queries/list-installed-revisions/route.js';
import { ListNodesHandler } from './queries/list-nodes/query.js';
import { ListNodesRoute } from './queries/list-nodes/route.js';
import { ListRingsRoute } from './queries/list-rings/route.js';
import { ShowDeviceListRoute } from './queries/show-device-list/route.js';
import { ShowInstalledHandler } from './queries/show-installed/query.js';
import { ShowInstalledRoute } from './queries/show-installed/route.js';

/** What control serves of this context. */
@Module({
  imports: [CqrsModule],
  controllers: [
    InviteNodeRoute,
    RetireNodeRoute,
    EnrolNodeRoute,
    RenewNodeKeyRoute,
    TakeHeartbeatRoute,
    RecordDeliveriesRoute,
    ListNodesRoute,
    ListDeliveriesRoute,
    ListDifferencesRoute,
    ShowInstalledRoute,
    ListInstalledRevisionsRoute,
    CreateRingRoute,
    ListRingsRoute,
    CountMembersRoute,
    ImportDeviceListRoute,
    ShowDeviceListRoute,
  ],
  providers: [
    ListNodesHandler,
    ListDeliveriesHandler,
    ListDifferencesHandler,
    ShowInstalledHandler,
    ListInstalledRevisionsHandler,
  ],
})
export class FleetRoutesModule {}
