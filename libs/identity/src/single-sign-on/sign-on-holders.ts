import { Injectable } from '@nestjs/common';
import { IdentityError } from '../domain/errors.js';
import { asRefusal } from '../sessions/sign-in-refusal.js';
import { People } from '../people.js';
import type { SignedOn } from './sealed-sign-ons.js';
import { isBoundTo, SignOns } from './sign-ons.js';

/** Whom a proof of single sign-on is of, here. */
@Injectable()
export class SignOnHolders {
  constructor(
    private readonly signOns: SignOns,
    private readonly people: People,
  ) {}

  /**
   * Who is bound to the identity that the provider made sure of.
   * @throws IdentityError `sign-in-refused`, which says as whom they are known there, after it is on record; `single-sign-on-refused`
   */
  async holding(proof: string): Promise<{ readonly id: string; readonly signOn: SignedOn }> {
    const signOn = this.signOns.open(proof, { for: 'sign-in' });
    const id = await this.signOns.holderOf(signOn.identity);
    const found = id === null ? undefined : await this.people.load(id);
    if (id !== null && found?.status === 'active' && isBoundTo(found, signOn)) return { id, signOn };
    const isNobody = id === null || found?.status === 'active';
    await this.signOns.report(
      isNobody ? 'unknown-subject' : 'person-refused',
      isNobody
        ? 'nobody is bound to the identity'
        : 'the person is disabled, or reset and has no password yet',
      signOn.identity,
    );
    throw this.refused(signOn);
  }

  /** Runs `then`; who is refused for what others must not learn is told as little as with a password, and it is on record. */
  async refusing<Result>(signOn: SignedOn, then: () => Promise<Result>): Promise<Result> {
    try {
      return await then();
    } catch (error) {
      const shown = asRefusal(error);
      if (shown === error) throw error;
      if (error instanceof IdentityError && error.code === 'locked-out') {
        await this.signOns.report('person-refused', 'the person is locked out', signOn.identity);
      }
      throw this.refused(signOn);
    }
  }

  refused({ identity: { issuer, subject } }: SignedOn): IdentityError {
    return new IdentityError(
      'sign-in-refused',
      `${issuer} knows you as ${subject}: nobody of that name may sign in here now, or the code is wrong, or there were too many attempts. An admin binds you with "holdfast people single-sign-on LOGIN ${subject}"`,
    );
  }
}
