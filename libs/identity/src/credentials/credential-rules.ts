import type { SigningRules } from '#kernel';
import { TRAINING_RULES } from '../domain/training/training.js';
import { IDENTITY_REFERENCE_RULES, type IdentityReferenceRule } from '../domain/person/identity-reference.js';
import { SECOND_COMPONENT_RULES } from '../domain/person/second-factor.js';

export { IDENTITY_REFERENCE_RULES, SECOND_COMPONENT_RULES, TRAINING_RULES };

/** What a site asks of its people's credentials; settings of the site. */
export interface CredentialRules extends SigningRules {
  /** `required`: nobody is enrolled without what the site knows the human by. */
  readonly identityReference: IdentityReferenceRule;
  /** After so many without a request a session is over. */
  readonly sessionIdleMinutes: number;
}

export const USUAL_CREDENTIAL_RULES: CredentialRules = {
  secondComponent: 'optional',
  signingPauseMinutes: 15,
  passwordDays: 0,
  training: 'optional',
  identityReference: 'optional',
  // NIST SP 800-63B, 4.2.3.
  sessionIdleMinutes: 30,
};

/** Asked each time: what two people decided counts from then on. */
export type ReadCredentialRules = () => Promise<CredentialRules>;
export const CREDENTIAL_RULES = Symbol('ReadCredentialRules');
/** The site's name, as authenticator apps show it. */
export const ISSUER = Symbol('Issuer');
