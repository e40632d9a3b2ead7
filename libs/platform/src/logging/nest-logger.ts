import type { LoggerService } from '@nestjs/common';
import type { Logger } from './logger.js';

/** Nest's own messages as our JSON lines: what it says while starting is detail, what it complains of is not. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(fields(rest), text(message));
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(fields(rest), text(message));
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.logger.trace(fields(rest), text(message));
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn(fields(rest), text(message));
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.logger.error(
      { ...fields(rest), ...(message instanceof Error ? { err: message } : {}) },
      text(message),
    );
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.logger.fatal(fields(rest), text(message));
  }
}

/** Nest puts the context's name last, and a stack before it. */
function fields(rest: readonly unknown[]): object {
  const words = rest.filter((word) => typeof word === 'string');
  const context = words.at(-1);
  return { ...(context ? { context } : {}), ...(words.length > 1 ? { stack: words[0] } : {}) };
}

function text(message: unknown): string {
  if (message instanceof Error) return message.message;
  return typeof message === 'string' ? message : JSON.stringify(message);
}
