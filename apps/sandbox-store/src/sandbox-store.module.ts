import { Module, type DynamicModule } from '@nestjs/common';
import { AdminRoute } from './admin/admin.route.js';
import { Sandbox } from './sandbox.js';
import { AssertionsRoute } from './store-api/assertions.route.js';
import { CatalogueRoute } from './store-api/catalogue.route.js';
import { DevicesRoute } from './store-api/devices.route.js';
import { DownloadRoute } from './store-api/download.route.js';
import { FindRoute } from './store-api/find.route.js';
import { InfoRoute } from './store-api/info.route.js';
import { RefreshRoute } from './store-api/refresh.route.js';
import { RootRoute } from './store-api/root.route.js';

@Module({})
export class SandboxStoreModule {
  static of(sandbox: Sandbox): DynamicModule {
    return {
      module: SandboxStoreModule,
      controllers: [
        AdminRoute,
        RootRoute,
        RefreshRoute,
        InfoRoute,
        FindRoute,
        CatalogueRoute,
        AssertionsRoute,
        DownloadRoute,
        DevicesRoute,
      ],
      providers: [{ provide: Sandbox, useValue: sandbox }],
    };
  }
}
