import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AddSinkRoute } from './commands/add-sink/route.js';
import { ChangeSinkRoute } from './commands/change-sink/route.js';
import { SetMailAddressRoute } from './commands/set-mail-address/route.js';
import { ListMailAddressesRoute } from './queries/list-mail-addresses/route.js';
import { SteerSinkRoute } from './commands/steer-sink/route.js';
import { ListDeadLettersHandler } from './queries/list-dead-letters/query.js';
import { ListDeadLettersRoute } from './queries/list-dead-letters/route.js';
import { ListSinksHandler } from './queries/list-sinks/query.js';
import { ListSinksRoute } from './queries/list-sinks/route.js';

/** What control serves of this context. */
@Module({
  imports: [CqrsModule],
  controllers: [
    AddSinkRoute,
    ChangeSinkRoute,
    SteerSinkRoute,
    ListSinksRoute,
    ListDeadLettersRoute,
    SetMailAddressRoute,
    ListMailAddressesRoute,
  ],
  providers: [ListSinksHandler, ListDeadLettersHandler],
})
export class NotificationRoutesModule {}
