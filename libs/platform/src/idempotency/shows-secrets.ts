import { SetMetadata, type CustomDecorator } from '@nestjs/common';

export const SHOWS_SECRETS = 'holdfast:shows-secrets';

/** A route that shows secrets that the site keeps: each showing is asked for, allowed and recorded by itself, so that no answer of it is kept. */
export function ShowsSecrets(): CustomDecorator {
  return SetMetadata(SHOWS_SECRETS, true);
}
