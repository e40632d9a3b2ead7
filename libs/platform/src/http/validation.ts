import { ValidationPipe, type ArgumentMetadata, type ValidationError } from '@nestjs/common';
import { HttpError, type FieldError } from './errors.js';
import { isUnread } from './file-body.js';

/** Bodies and queries are what their DTO says and nothing more: an unknown member is a mistake, and is said so. */
export function validationPipe(): ValidationPipe {
  return new PipeForParsed({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: true,
    exceptionFactory: (errors) => invalidRequest(errors),
  });
}

/**
 * What nobody has read yet is for its route. Nest would make an instance of the class that the parameter is declared with, which for a stream is a copy of its
 * connection, down to what is the runtime's own: that ends the process.
 */
class PipeForParsed extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    return isUnread(value) ? value : ((await super.transform(value, metadata)) as unknown);
  }
}

function invalidRequest(found: readonly ValidationError[]): HttpError {
  const errors = found.flatMap((error) => fieldErrors(error, ''));
  const reason = errors.find(({ pointer }) => pointer === '/reason' || pointer.startsWith('/reason/'));
  if (reason) return new HttpError('reason-required', `${reason.pointer} ${reason.detail}`, errors);
  const first = errors[0];
  return new HttpError(
    'invalid-request',
    first ? `${first.pointer} ${first.detail}` : 'no body was given',
    errors,
  );
}

function fieldErrors({ property, constraints, children }: ValidationError, parent: string): FieldError[] {
  const pointer = `${parent}/${property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const own = Object.values(constraints ?? {}).map((detail) => ({
    pointer,
    detail: withoutName(detail, property),
  }));
  return [...own, ...(children ?? []).flatMap((child) => fieldErrors(child, pointer))];
}

/** class-validator begins its messages with the property's name, which the pointer says already. */
function withoutName(detail: string, property: string): string {
  return detail.startsWith(`${property} `) ? detail.slice(property.length + 1) : detail;
}
