import type { SignOnEvidence } from '#kernel';
import type { SecondFactorUse } from '../domain/person/events.js';
import type { RightComponents } from './components.js';

/** What a person proves themself with. */
export const SIGNATURE_COMPONENTS = ['login', 'password', 'totp', 'security-key', 'single-sign-on'] as const;
export type SignatureComponent = (typeof SIGNATURE_COMPONENTS)[number];

/** What a person was verified by, as a signature names it. */
export interface ProvedWith {
  /** The id of the credential that was verified: the password's, or the binding's or the security key's where that stood in for it. */
  readonly credential: string;
  /** Of the second component, where it was given beside the password. */
  readonly secondCredential?: string;
  readonly components: readonly SignatureComponent[];
  readonly auth: 'password' | 'security-key' | 'single-sign-on';
}

/** @throws Error where nothing was proved, which is refused before */
export function provedWith({ password, login, signOn, secondFactor }: RightComponents): ProvedWith {
  const second = secondFactor && { id: secondFactor.credential, kind: kindOf(secondFactor) };
  const auth = authOf({ password, signOn });
  const credential = password ?? signOn?.credential;
  if (credential !== undefined && auth !== 'security-key') {
    return {
      credential,
      ...(second ? { secondCredential: second.id } : {}),
      components: [...(login ? (['login'] as const) : []), auth, ...(second ? [second.kind] : [])],
      auth,
    };
  }
  if (second === null) throw new Error('nothing was proved, and nobody refused it');
  return { credential: second.id, components: [second.kind], auth: 'security-key' };
}

export function authOf({
  password,
  signOn,
}: Pick<RightComponents, 'password' | 'signOn'>): ProvedWith['auth'] {
  if (password !== null) return 'password';
  return signOn === null ? 'security-key' : 'single-sign-on';
}

export function evidenceOf({ person: { singleSignOn }, signOn }: RightComponents): SignOnEvidence | null {
  if (signOn === null || singleSignOn === null) return null;
  const { issuer, claim, subject } = singleSignOn;
  return { issuer, claim, subject, authTime: signOn.authTime };
}

function kindOf(use: SecondFactorUse): 'totp' | 'security-key' {
  return 'step' in use ? 'totp' : 'security-key';
}
