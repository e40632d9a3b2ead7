import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { sha256Hex, uuidv7, type Clock } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { CLOCK, STREAM_WRITER } from '#platform/tokens';
import { IdentityError } from '../domain/errors.js';
import type { Credential, SecondFactorCredential } from '../domain/person/events.js';
import { person, personStream } from '../domain/person/person.js';
import { controlContext } from '../service-context.js';
import { CredentialStore } from './credential-store.js';
import { matchingStep, TOTP_SECRET_BYTES } from './totp.js';
import { TotpSeals } from './totp-seals.js';
import { isRight, makeVerifier } from './verifier.js';

/** Making and checking credentials. A verifier counts only when history knows its digest: who can write the table cannot sign in. */
@Injectable()
export class Credentials {
  constructor(
    private readonly rows: CredentialStore,
    private readonly seals: TotpSeals,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async make(personId: string, secret: string): Promise<Credential> {
    return makeCredential(this.rows, personId, secret);
  }

  /** A new secret for an authenticator app. It is sealed, and can be shown at this moment only. */
  async makeTotp(
    personId: string,
  ): Promise<{ readonly secret: Uint8Array; readonly credential: SecondFactorCredential }> {
    const secret = randomBytes(TOTP_SECRET_BYTES);
    const id = uuidv7();
    const verifier = this.seals.seal(personId, id, secret);
    await this.rows.add({ id, person: personId, verifier });
    return { secret, credential: { kind: 'totp', id, verifierDigest: digestOf(verifier) } };
  }

  /** @throws IdentityError `credential-tampered`, after that is in the history */
  async isRight(personId: string, credential: Credential, secret: string): Promise<boolean> {
    return isRight(await this.verifierOf(personId, credential), secret);
  }

  /**
   * The step whose code was given; undefined for a wrong code. Whether that step was used already is for the history to say.
   * @throws IdentityError `credential-tampered`, after that is in the history; where the site key is another, it is not
   */
  async stepOf(
    personId: string,
    credential: SecondFactorCredential,
    code: string,
  ): Promise<number | undefined> {
    const secret = this.seals.open(personId, credential.id, await this.verifierOf(personId, credential));
    // Its bytes are those that the history knows: it was sealed under another site key.
    if (!secret) throw tampered(credential.id);
    return matchingStep(secret, code, this.clock.now());
  }

  private async verifierOf(personId: string, credential: Credential): Promise<string> {
    const verifier = await this.rows.verifierOf(credential.id);
    const found = verifier === null ? null : digestOf(verifier);
    if (verifier !== null && found === credential.verifierDigest) return verifier;
    await this.streams.decideAndAppend(person, personStream(personId), {
      type: 'ReportTampering',
      credential: credential.id,
      expected: credential.verifierDigest,
      found,
      context: controlContext(personStream(personId), this.clock.now(), {
        code: 'credential-tampered',
        text: 'the verifier of a credential is not the one that the history knows',
      }),
    });
    throw tampered(credential.id);
  }
}

/** Writes a verifier's row. It counts from the moment that an event names it. */
export async function makeCredential(
  rows: CredentialStore,
  personId: string,
  secret: string,
): Promise<Credential> {
  const verifier = await makeVerifier(secret);
  const id = uuidv7();
  await rows.add({ id, person: personId, verifier });
  return { id, verifierDigest: digestOf(verifier) };
}

function tampered(id: string): IdentityError {
  return new IdentityError('credential-tampered', `credential ${id} is not the one that the history knows`);
}

function digestOf(verifier: string): string {
  return sha256Hex(Buffer.from(verifier, 'utf8'));
}
