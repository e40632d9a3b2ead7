import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { CreateRingHandler } from './commands/create-ring/command.js';
import { ImportDeviceListHandler } from './commands/import-device-list/command.js';
import { EnrolNodeHandler } from './commands/enrol-node/command.js';
import { InviteNodeHandler } from './commands/invite-node/command.js';
import { RecordDeliveriesHandler } from './commands/record-deliveries/command.js';
import { RenewNodeKeyHandler } from './commands/renew-node-key/command.js';
import { RetireNodeHandler } from './commands/retire-node/command.js';
import { TakeHeartbeatHandler } from './commands/take-heartbeat/command.js';

/** What people and nodes have control do. */
@Module({
  imports: [CqrsModule],
  providers: [
    InviteNodeHandler,
    RetireNodeHandler,
    EnrolNodeHandler,
    RenewNodeKeyHandler,
    TakeHeartbeatHandler,
    RecordDeliveriesHandler,
    CreateRingHandler,
    ImportDeviceListHandler,
  ],
})
export class FleetCommandsModule {}
