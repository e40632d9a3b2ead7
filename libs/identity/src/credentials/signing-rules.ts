import type { SigningRules } from '#kernel';
import type { CredentialRules } from './credential-rules.js';

/** Of what a site asks, the rules of signing: who may be enrolled is none of them. */
export function signingRulesOf({
  secondComponent,
  signingPauseMinutes,
  passwordDays,
  training,
}: CredentialRules): SigningRules {
  return { secondComponent, signingPauseMinutes, passwordDays, training };
}
