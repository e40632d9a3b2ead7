import { applyDecorators } from '@nestjs/common';
import { IsInt, IsString, Max, Min } from 'class-validator';
import { FromEnv, wholeNumber } from '../config.js';

/** The address that a server's health and metrics are served on. */
export function HealthHost(variable: string): PropertyDecorator {
  return applyDecorators(FromEnv(variable), IsString({ message: 'must be an address to listen on' }));
}

/** The port of health and metrics. */
export function HealthPort(variable: string): PropertyDecorator {
  const message = 'must be a port number, 0 to 65535; 0 takes a free one';
  return applyDecorators(
    FromEnv(variable, { read: wholeNumber }),
    IsInt({ message }),
    Min(0, { message }),
    Max(65_535, { message }),
  );
}
