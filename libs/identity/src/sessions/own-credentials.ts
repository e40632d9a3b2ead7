import { SetMetadata, type CustomDecorator } from '@nestjs/common';

export const OWN_CREDENTIALS = 'holdfast:own-credentials';

/** A route that concerns nobody but who asks, and their credentials: open also to who has no second component yet where the site asks everybody for one. Every other route is not. */
export function OwnCredentials(): CustomDecorator {
  return SetMetadata(OWN_CREDENTIALS, true);
}
