import type { JsonObject } from './canonical-json.js';
import { recordDigest as digestOf } from './digest.js';
import type { CommandContext, PersonActor } from './envelope.js';

/**
 * A person's electronic signature as it stands in the record (R17 to R19): who in print, when, what it means, and the digest of the
 * exact record. It is made only by asking for the signer's components again at that moment (R22); a session or a token cannot make one.
 */
export interface ElectronicSignature<Meaning extends string = string> {
  readonly meaning: Meaning;
  readonly signer: string;
  readonly printedName: string;
  /** The server's clock, RFC 3339 UTC. */
  readonly signedAt: string;
  /** What the signer proved themself with, at that moment; `login` stands before the password, of who has no second component. */
  readonly components: readonly ('login' | 'password' | 'totp' | 'security-key' | 'single-sign-on')[];
  /** Id of the credential that was verified: the password's, or that of what stood in for it, the binding to an identity provider or the security key. */
  readonly credential: string;
  /** Id of the second component's, where one was given beside the password. */
  readonly secondCredential?: string;
  /** How often the signer had been reset by then; absent for never. Once they are reset again, those credentials are void and the signature does not count. */
  readonly resets?: number;
  /** SHA-256, hex, of the record's canonical bytes. */
  readonly recordDigest: string;
  /** What a security key answered, where one was asked: whoever has it can check the signature without us. */
  readonly securityKey?: KeyEvidence;
  /** Where the signer's identity provider made sure of them in place of the password, by its word; a second component was given beside it. */
  readonly singleSignOn?: SignOnEvidence;
  /** What the site asked of those who sign, at that moment (R22); older signatures do not say it. */
  readonly rules?: SigningRules;
}

/** The rules by which a site's people sign, as they were in force: what two people decided, or stricter. */
export interface SigningRules {
  /** `required`: who has no second component signs nothing. `optional`: who has one uses it, always; who has none gives login and password. */
  readonly secondComponent: 'required' | 'optional';
  /** So many minutes after both components were given for a signature both are asked for again; 0: each time. */
  readonly signingPauseMinutes: number;
  /** After so many days a password is good for being changed only; 0: it does not age. */
  readonly passwordDays: number;
  /** `required`: nobody signs in a role without a current record of training for it. */
  readonly training: 'required' | 'optional';
}

/** Whom an identity provider named, and when they signed in there (`auth_time`, OpenID Connect Core 1.0, 2). RFC 3339, UTC. */
export interface SignOnEvidence {
  readonly issuer: string;
  readonly claim: string;
  readonly subject: string;
  readonly authTime: string;
}

/**
 * The answer of a security key (W3C WebAuthn, 7.2) to a challenge that is the SHA-256 of the canonical JSON of `statement`. Bytes are base64url, the
 * public key is a SubjectPublicKeyInfo in base64.
 */
export interface KeyEvidence {
  readonly statement: { readonly [member: string]: string };
  readonly credentialId: string;
  readonly clientDataJSON: string;
  readonly authenticatorData: string;
  readonly signature: string;
  readonly publicKey: string;
  /** COSE's number. */
  readonly algorithm: number;
  readonly origin: string;
  readonly rpId: string;
}

/** A record that is signed, and what is meant by it. */
export interface ToBeSigned<Meaning extends string = string> {
  readonly meaning: Meaning;
  /** Such as `change-request`. */
  readonly recordKind: string;
  /** The record's id. */
  readonly record: string;
}

/**
 * Whether a signature is that of who commands, made for this very act with proof of who they are. What a security key was asked says the same as the
 * signature that it is to make: one that was made for something else is none. Over which bytes is another question.
 */
export function isSignedFor(
  { actor, reason }: CommandContext,
  signature: ElectronicSignature,
  { meaning, recordKind, record }: ToBeSigned,
): boolean {
  if (actor.kind !== 'person') return false;
  if (!isProvedBy(actor.auth, signature)) return false;
  if (signature.signer !== actor.id || signature.meaning !== meaning) return false;
  if (signature.securityKey === undefined) return true;
  const said = signature.securityKey.statement;
  const expected = {
    for: 'signature',
    person: signature.signer,
    printedName: signature.printedName,
    meaning,
    recordKind,
    record,
    recordDigest: signature.recordDigest,
    reasonDigest: digestOf(reason as unknown as JsonObject),
  };
  return Object.entries(expected).every(([member, value]) => said[member] === value);
}

/** An identity provider's word alone signs nothing (R22). */
function isProvedBy(auth: PersonActor['auth'], { components, singleSignOn }: ElectronicSignature): boolean {
  switch (auth) {
    case 'password':
    case 'security-key':
      return singleSignOn === undefined;
    case 'single-sign-on':
      return (
        singleSignOn !== undefined && components.some((each) => each === 'totp' || each === 'security-key')
      );
    case 'session':
    case 'commissioning':
      return false;
  }
}
