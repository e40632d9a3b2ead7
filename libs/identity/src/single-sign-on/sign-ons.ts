import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { CLOCK, STREAM_WRITER } from '#platform/tokens';
import { IdentityError } from '../domain/errors.js';
import type { SignOnIdentity } from '../domain/person/single-sign-on-events.js';
import { isSame, refusedSignOn } from '../domain/person/single-sign-on.js';
import type { ActivePerson } from '../domain/person/state.js';
import {
  digestOfIdentity,
  signOnIdentity,
  signOnIdentityStream,
} from '../domain/sign-on-identity/sign-on-identity.js';
import {
  SIGN_ON_REFUSALS_STREAM,
  signOnRefusals,
  type SignOnFault,
} from '../domain/sign-on-refusals/sign-on-refusals.js';
import { controlContext } from '../service-context.js';
import { Exchanges } from './exchanges.js';
import { RefusedAnswer, type IdentityProvider } from './identity-provider.js';
import { SealedSignOns, type SignedOn, type SignOnPurpose } from './sealed-sign-ons.js';

/** Null: the site has none. */
export const IDENTITY_PROVIDER = Symbol('IdentityProvider');

/** Who came back from the provider, for the page that sent them. */
export interface SignOnAnswer {
  readonly proof: string;
  readonly for: SignOnPurpose['for'];
  readonly subject: string;
}

/** Sends people to their identity provider, and makes of what comes back a proof that is good once, for what it was asked for. */
@Injectable()
export class SignOns {
  private readonly exchanges = new Exchanges();

  constructor(
    private readonly sealed: SealedSignOns,
    @Inject(IDENTITY_PROVIDER) private readonly provider: IdentityProvider | null,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The issuer and the claim by which people are named now. @throws IdentityError `single-sign-on-unavailable` */
  naming(): Pick<SignOnIdentity, 'issuer' | 'claim'> {
    const { issuer, claim } = this.requireProvider().settings;
    return { issuer, claim };
  }

  /**
   * @param browser base64url of the SHA-256 of what the page keeps for itself
   * @returns the address at the provider
   * @throws IdentityError `single-sign-on-unavailable`, `identity-provider-failed`
   */
  async begin(purpose: SignOnPurpose, browser: string): Promise<string> {
    const provider = this.requireProvider();
    const { state, request } = this.sealed.request(purpose, browser, this.clock.now());
    return provider.address(state, request);
  }

  /**
   * @param query what the provider sent the browser back with
   * @param secret what the page kept
   * @throws IdentityError `single-sign-on-unavailable`, `single-sign-on-refused`, `identity-provider-failed`; HttpError `overloaded`
   */
  async answered(query: string, secret: string): Promise<SignOnAnswer> {
    const provider = this.requireProvider();
    const parameters = new URLSearchParams(query);
    const request = this.sealed.openRequest(parameters.get('state') ?? '', secret, this.clock.now());
    try {
      const { identity, authTime } = await this.exchanges.once(request.nonce, this.clock.now(), () =>
        provider.identified(parameters, request),
      );
      const { for: purpose } = request.purpose;
      return {
        proof: this.sealed.proof(request, identity, authTime),
        for: purpose,
        subject: identity.subject,
      };
    } catch (error) {
      if (!(error instanceof RefusedAnswer)) throw error;
      await this.report(error.fault, error.message, null);
      throw refusedSignOn(error.message);
    }
  }

  /** @throws IdentityError `single-sign-on-unavailable`, `single-sign-on-refused` */
  open(proof: string, purpose: SignOnPurpose): SignedOn {
    const found = this.sealed.openProof(proof, purpose, this.clock.now());
    const { issuer, claim } = this.naming();
    // The site may have changed its provider since.
    if (isSame(found.identity, { issuer, claim, subject: found.identity.subject })) return found;
    throw refusedSignOn('the site has another identity provider now: sign in there');
  }

  /** Whose the identity is; null: nobody's. */
  async holderOf(identity: SignOnIdentity): Promise<string | null> {
    const stream = signOnIdentityStream(digestOfIdentity(identity));
    return (await this.streams.load(signOnIdentity, stream)).state.person;
  }

  /** Once a fault and hour (R24). */
  async report(fault: SignOnFault, detail: string, identity: SignOnIdentity | null): Promise<void> {
    const { issuer } = this.naming();
    const at = this.clock.now();
    const text = 'what came in the identity provider’s name does not count';
    const context = controlContext(SIGN_ON_REFUSALS_STREAM, at, { code: 'single-sign-on-refused', text });
    const digest = identity && digestOfIdentity(identity);
    const command = { fault, issuer, detail, identity: digest, context };
    await this.streams.decideAndAppend(signOnRefusals, SIGN_ON_REFUSALS_STREAM, command);
  }

  private requireProvider(): IdentityProvider {
    if (this.provider) return this.provider;
    throw new IdentityError(
      'single-sign-on-unavailable',
      'this site has no single sign-on: sso-issuer and sso-client-id set it up',
    );
  }
}

/** Whether the person is bound to whom the provider named. */
export function isBoundTo({ singleSignOn }: ActivePerson, { identity }: SignedOn): boolean {
  return singleSignOn !== null && isSame(singleSignOn, identity);
}
