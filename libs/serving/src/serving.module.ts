import { Module, type DynamicModule } from '@nestjs/common';
import { AssertionStreamRoute } from './routes/assertion-stream.route.js';
import { AssertionsRoute } from './routes/assertions.route.js';
import { DownloadRoute } from './routes/download.route.js';
import { FindRoute } from './routes/find.route.js';
import { InfoRoute } from './routes/info.route.js';
import { MediaRoute } from './routes/media.route.js';
import { RefreshRoute } from './routes/refresh.route.js';
import { RegistrationRoute } from './routes/registration.route.js';
import { RelayRoute } from './routes/relay.route.js';
import { RootRoute } from './routes/root.route.js';
import { SessionRoute } from './routes/session.route.js';
import { SetupRoute } from './routes/setup.route.js';
import { SnapServing } from './routes/snap-serving.js';
import { StatusCheckRoute } from './routes/status-check.route.js';

/** What a proxy answers to snapd. */
@Module({})
export class ServingModule {
  static of(serving: SnapServing): DynamicModule {
    return {
      module: ServingModule,
      controllers: [
        RefreshRoute,
        InfoRoute,
        FindRoute,
        MediaRoute,
        AssertionsRoute,
        AssertionStreamRoute,
        DownloadRoute,
        SessionRoute,
        SetupRoute,
        RegistrationRoute,
        RelayRoute,
        RootRoute,
        StatusCheckRoute,
      ],
      providers: [{ provide: SnapServing, useValue: serving }],
    };
  }
}
