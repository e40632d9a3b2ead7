import { TRAINING_RULES, type TrainingRule } from '../domain/training/training.js';
import { SECOND_COMPONENT_RULES, type SecondComponentRule } from '../domain/person/second-factor.js';

export { SECOND_COMPONENT_RULES, TRAINING_RULES };

/** What a site asks of its people's credentials; settings of the site. */
export interface CredentialRules {
  /** `required`: who has no second component signs nothing. `optional`: who has one uses it, always. */
  readonly secondComponent: SecondComponentRule;
  /** So many minutes after both components were given for a signature both are asked for again; 0: each time. */
  readonly signingPauseMinutes: number;
  /** After so many days a password is good for being changed only; 0: it does not age. */
  readonly passwordDays: number;
  /** `required`: nobody holds a role that signs, nor signs with it, without a current record of training for it. */
  readonly training: TrainingRule;
}

export const USUAL_CREDENTIAL_RULES: CredentialRules = {
  secondComponent: 'optional',
  signingPauseMinutes: 15,
  passwordDays: 0,
  training: 'optional',
};

/** Asked each time: what two people decided counts from then on. */
export type ReadCredentialRules = () => Promise<CredentialRules>;
export const CREDENTIAL_RULES = Symbol('ReadCredentialRules');
/** The site's name, as authenticator apps show it. */
export const ISSUER = Symbol('Issuer');
