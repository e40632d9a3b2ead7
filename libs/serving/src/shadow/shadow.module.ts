import { Module, type DynamicModule } from '@nestjs/common';
import { Shadow } from './shadow.js';
import { ShadowRoute } from './shadow.route.js';

/** What a proxy answers to snapd while it stands in front of another one. */
@Module({})
export class ShadowModule {
  static of(shadow: Shadow): DynamicModule {
    return {
      module: ShadowModule,
      controllers: [ShadowRoute],
      providers: [{ provide: Shadow, useValue: shadow }],
    };
  }
}
