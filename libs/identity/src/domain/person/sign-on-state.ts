import type { Requester } from '../authority.js';
import type { SignOnIdentity, SingleSignOnBound } from './single-sign-on-events.js';

/** As whom an identity provider knows a person. */
export interface SignOnState {
  /** By the id of the binding. */
  readonly singleSignOn: (SignOnIdentity & { readonly credential: string }) | null;
  /** Waits for the person to accept it. */
  readonly requestedSignOn:
    (SignOnIdentity & { readonly requestedBy: Requester; readonly expiresAt: string }) | null;
}

export const NO_SIGN_ON: SignOnState = { singleSignOn: null, requestedSignOn: null };

export function boundAs({ issuer, claim, subject, use }: SingleSignOnBound['data']): SignOnState {
  return { singleSignOn: { issuer, claim, subject, credential: use.credential }, requestedSignOn: null };
}
