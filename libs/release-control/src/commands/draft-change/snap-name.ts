import { Matches } from 'class-validator';

/** A member that names a snap; whether there is one is for the capture to find out. */
export function IsSnap(): PropertyDecorator {
  return Matches(/^[a-z0-9-]{1,40}$/, {
    message: 'must be the name of a snap: small letters, digits and "-"',
  });
}
