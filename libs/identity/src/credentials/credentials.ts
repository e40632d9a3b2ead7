import { Inject, Injectable } from '@nestjs/common';
import { sha256Hex, uuidv7, type Clock } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { CLOCK, STREAM_WRITER } from '#platform/tokens';
import { IdentityError } from '../domain/errors.js';
import type { Credential } from '../domain/person/events.js';
import { person, personStream } from '../domain/person/person.js';
import { controlContext } from '../service-context.js';
import { CredentialStore } from './credential-store.js';
import { isRight, makeVerifier } from './verifier.js';

/** Making and checking credentials. A verifier counts only when history knows its digest: who can write the table cannot sign in. */
@Injectable()
export class Credentials {
  constructor(
    private readonly rows: CredentialStore,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async make(personId: string, secret: string): Promise<Credential> {
    return makeCredential(this.rows, personId, secret);
  }

  /** @throws IdentityError `credential-tampered`, after that is in the history */
  async isRight(personId: string, credential: Credential, secret: string): Promise<boolean> {
    const verifier = await this.rows.verifierOf(credential.id);
    const found = verifier === null ? null : digestOf(verifier);
    if (verifier !== null && found === credential.verifierDigest) return isRight(verifier, secret);
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
    throw new IdentityError(
      'credential-tampered',
      `credential ${credential.id} is not the one that the history knows`,
    );
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

function digestOf(verifier: string): string {
  return sha256Hex(Buffer.from(verifier, 'utf8'));
}
