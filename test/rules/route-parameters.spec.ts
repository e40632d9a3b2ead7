import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Body, Controller, Param, Post, Query } from '@nestjs/common';
import { CONTROLLER_WATERMARK, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { getMetadataStorage, IsString } from 'class-validator';
import { expect, it } from 'vitest';
import type { ReasonOnlyDto } from '#platform/http/reason.dto';

/** These read the bytes, or the words of whoever sends them, themselves: signed messages, files, what devices ask, and what an API that is not ours says. */
const READ_BY_HAND = [
  'AssertionsRoute.assertion query',
  'AttachFileRoute.attach body',
  'EnrolNodeRoute.enrol body',
  'FindRoute.find query',
  'InfoRoute.info query',
  'RecordDeliveriesRoute.record body',
  'RenewNodeKeyRoute.renew body',
  'ReportTicketRoute.report body',
  'SubmitStoreOverridesRoute.submit body',
  'TakeHeartbeatRoute.take body',
];

const PARTS: Partial<Record<string, string>> = {
  [RouteParamtypes.BODY]: 'body',
  [RouteParamtypes.QUERY]: 'query',
  [RouteParamtypes.PARAM]: 'param',
};

interface Route {
  readonly name: string;
  readonly prototype: object;
}

interface Argument {
  readonly index: number;
  /** The one member that is asked for. */
  readonly data?: unknown;
}

/** Of a controller, the parameters that nothing looks at: Nest validates by the class that was written beside a parameter as the program was built, which a type is not. */
function unlooked(route: Route): string[] {
  return Object.getOwnPropertyNames(route.prototype).flatMap((method) => {
    const given = (Reflect.getMetadata(ROUTE_ARGS_METADATA, route, method) ?? {}) as object;
    const types = (Reflect.getMetadata('design:paramtypes', route.prototype, method) ?? []) as unknown[];
    return Object.entries(given as Record<string, Argument>).flatMap(([key, { index, data }]) => {
      const part = PARTS[key.split(':')[0] ?? ''];
      const type = types[index];
      if (part === undefined || isValidated(type) || (data !== undefined && type === String)) return [];
      return [`${route.name}.${method} ${part}`];
    });
  });
}

function isValidated(type: unknown): boolean {
  if (typeof type !== 'function' || type === Object || type === Function) return false;
  return getMetadataStorage().getTargetValidationMetadatas(type, '', true, false).length > 0;
}

function isRoute(value: unknown): value is Route {
  return typeof value === 'function' && Reflect.hasMetadata(CONTROLLER_WATERMARK, value);
}

it('whatever a route takes is validated, by a class that is there as it runs', async () => {
  const files = globSync('{apps,libs}/**/*.ts', { exclude: ['**/*.spec.ts', 'apps/sandbox-store/**'] })
    .filter((file) => /^@Controller\(/m.test(readFileSync(file, 'utf8')))
    .sort();
  expect(files.length).toBeGreaterThan(140);
  const found: string[] = [];
  for (const file of files) {
    const routes = Object.values((await import(resolve(file))) as object).filter(isRoute);
    expect({ file, routes: routes.length }).not.toEqual({ file, routes: 0 });
    for (const route of routes) found.push(...unlooked(route));
  }
  expect(found.sort()).toEqual(READ_BY_HAND);
});

it('a class that is imported as a type, or that has no rules, is said not to validate', () => {
  class Ruled {
    @IsString()
    name!: string;
  }
  class Unruled {
    name!: string;
  }
  @Controller('planted')
  class Planted {
    @Post('ruled')
    ruled(@Param('id') id: string, @Body() { name }: Ruled): string {
      return id + name;
    }

    @Post('unruled')
    unruled(@Query() { name }: Unruled): string {
      return name;
    }

    @Post('typed')
    typed(@Body() { reason }: ReasonOnlyDto): string {
      return reason.text;
    }
  }
  expect(unlooked(Planted)).toEqual(['Planted.unruled query', 'Planted.typed body']);
});
