import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { IdentityError } from '../domain/errors.js';
import {
  identityReference,
  identityReferenceStream,
} from '../domain/identity-reference/identity-reference.js';
import { People } from '../people.js';

/** Who has which identity reference. */
@Injectable()
export class IdentityReferences {
  constructor(
    private readonly people: People,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  /**
   * Claims a reference for an account, before it is given to it: whoever comes second is refused, also at the same moment.
   * @param reference digest @param person id
   * @throws IdentityError `identity-reference-taken`, which names the account that has it
   */
  async claim(reference: string, person: string, context: CommandContext): Promise<void> {
    const stream = identityReferenceStream(reference);
    const { state: before } = await this.streams.load(identityReference, stream);
    const holder = before.person;
    const givenUpBy = holder === null || (await this.hasIt(holder, reference)) ? null : holder;
    const command = { reference, person, givenUpBy, context };
    const { state } = await this.streams.reserve(identityReference, stream, command);
    if (state.person === person) return;
    throw await this.taken(state.person);
  }

  /** That nobody else has it, without a claim. @throws IdentityError `identity-reference-taken` */
  async requireFree(reference: string, person: string): Promise<void> {
    const { state } = await this.streams.load(identityReference, identityReferenceStream(reference));
    if (state.person === null || state.person === person) return;
    if (await this.hasIt(state.person, reference)) throw await this.taken(state.person);
  }

  /** Or is about to: who is being enrolled with it, and for whom it waits to be confirmed. */
  private async hasIt(holder: string, reference: string): Promise<boolean> {
    const person = await this.people.load(holder);
    if (person.status === 'unknown' || person.identityReference === reference) return true;
    return person.status !== 'disabled' && person.requestedReference?.reference === reference;
  }

  private async taken(holder: string | null): Promise<IdentityError> {
    const person = holder === null ? undefined : await this.people.load(holder);
    const who =
      person === undefined || person.status === 'unknown'
        ? 'somebody is being enrolled with this identity reference under another login'
        : `${person.login} has this identity reference${person.status === 'disabled' ? ', and is disabled' : ''}`;
    return new IdentityError(
      'identity-reference-taken',
      `${who}: one human has one account. Where it is another human, look at both numbers; where somebody needs a second account, enrol it without the reference and declare the two one person ("holdfast people same-person")`,
    );
  }
}
