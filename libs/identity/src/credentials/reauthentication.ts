import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '#kernel';
import { CLOCK } from '#platform/tokens';
import { PasswordCheck } from './password-check.js';

/** Proof, for the command at hand and nothing else, that the person is there: what an electronic signature is made from (R22). */
export interface Reauthenticated {
  /** The id of the credential that was verified. */
  readonly credential: string;
  readonly auth: 'password';
  /** The person's name as it is printed with the signature. */
  readonly printedName: string;
  /** When it was verified, by our clock. RFC 3339, UTC. */
  readonly at: string;
}

@Injectable()
export class Reauthentication {
  constructor(
    private readonly passwords: PasswordCheck,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Asks for the password again. A wrong one counts as at sign-in, and locks out as there.
   * @throws IdentityError `wrong-password`, `locked-out`, `credential-tampered`
   */
  async reauthenticate(personId: string, password: string): Promise<Reauthenticated> {
    return this.passwords.whenRight(personId, password, async ({ person, failuresBefore }) => {
      await this.passwords.record(personId, failuresBefore, true);
      return {
        credential: person.password.id,
        auth: 'password',
        printedName: person.name,
        at: this.clock.now(),
      };
    });
  }
}
