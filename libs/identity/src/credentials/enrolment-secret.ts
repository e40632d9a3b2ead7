import { randomBytes } from 'node:crypto';
import { later } from '#kernel';
import type { EnrolmentSecret } from '../domain/person/events.js';
import { makeCredential } from './credentials.js';
import type { CredentialStore } from './credential-store.js';

export interface IssuedSecret {
  /** Shown once, to who issued it. */
  readonly secret: string;
  readonly credential: EnrolmentSecret;
}

/**
 * A one-time secret of 144 bits, good for `hours` after `at`: with it a person sets their first password, which nobody else ever knew (R23).
 * @param firstPart what somebody else was given of it, and the person has to type before it
 */
export async function issueEnrolmentSecret(
  rows: CredentialStore,
  person: string,
  at: string,
  hours: number,
  firstPart = '',
): Promise<IssuedSecret> {
  const secret = `hfe_${randomBytes(18).toString('base64url')}`;
  const expiresAt = later(at, hours * 3_600_000);
  const credential = await makeCredential(rows, person, firstPart + secret);
  return { secret, credential: { ...credential, kind: 'enrolment-secret', expiresAt } };
}
