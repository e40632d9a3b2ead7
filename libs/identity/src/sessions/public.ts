import { SetMetadata, type CustomDecorator } from '@nestjs/common';

export const PUBLIC = 'holdfast:public';

/** A route for people who have no session yet. Every other route asks for one: forgetting this decorator locks, it never opens. */
export function Public(): CustomDecorator {
  return SetMetadata(PUBLIC, true);
}
