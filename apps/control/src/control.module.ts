import { Module } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { AuditTrailRoutesModule } from '#audit-trail/routes.module';
import { CatalogCommandsModule } from '#catalog/commands.module';
import { CatalogRoutesModule } from '#catalog/routes.module';
import { FleetCommandsModule } from '#fleet/commands.module';
import { FleetRoutesModule } from '#fleet/routes.module';
import { IdentityCommandsModule } from '#identity/commands.module';
import { SessionGuard } from '#identity/published';
import { IdentityRoutesModule } from '#identity/routes.module';
import { NotificationCommandsModule } from '#notifications/commands.module';
import { NotificationRoutesModule } from '#notifications/routes.module';
import { AtLeastInterceptor } from '#platform/at-least/at-least.interceptor';
import { IdempotencyInterceptor } from '#platform/idempotency/idempotency.interceptor';
import { ReleaseControlCommandsModule } from '#release-control/commands.module';
import { ReleaseControlRoutesModule } from '#release-control/routes.module';
import { ReviewsCommandsModule } from '#reviews/commands.module';
import { ReviewsRoutesModule } from '#reviews/routes.module';
import { RevisionInterceptor } from '#platform/revisions/revision.interceptor';
import { SiteCommandsModule } from '#site/commands.module';
import { SiteRoutesModule } from '#site/routes.module';
import { SecurityKeyPageRoute, SignOnPageRoute } from './security-key-page/route.js';
import { ShowStatusHandler } from './status/query.js';
import { ShowStatusRoute } from './status/route.js';

/** Control decides: people's commands and queries, and nothing else. */
@Module({
  imports: [
    CqrsModule,
    IdentityCommandsModule,
    IdentityRoutesModule,
    ReleaseControlCommandsModule,
    ReleaseControlRoutesModule,
    CatalogCommandsModule,
    CatalogRoutesModule,
    FleetCommandsModule,
    FleetRoutesModule,
    SiteCommandsModule,
    SiteRoutesModule,
    NotificationCommandsModule,
    NotificationRoutesModule,
    AuditTrailRoutesModule,
    ReviewsCommandsModule,
    ReviewsRoutesModule,
  ],
  controllers: [ShowStatusRoute, SecurityKeyPageRoute, SignOnPageRoute],
  providers: [
    ShowStatusHandler,
    { provide: APP_GUARD, useClass: SessionGuard },
    { provide: APP_INTERCEPTOR, useClass: AtLeastInterceptor },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
    { provide: APP_INTERCEPTOR, useClass: RevisionInterceptor },
  ],
})
export class ControlModule {}
