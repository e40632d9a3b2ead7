import { ValidateIf } from 'class-validator';

/** What may be left out, and is checked when it is there: also when it is null, which `@IsOptional` lets pass. */
export function IsLeftOut(): PropertyDecorator {
  return ValidateIf((_body: object, value: unknown) => value !== undefined);
}
