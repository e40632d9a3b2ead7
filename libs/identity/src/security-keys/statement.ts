import { createHash } from 'node:crypto';
import { canonicalBytes, type JsonObject } from '#kernel';

/** What a signature says, by whom and about what. */
export interface SignedWhat {
  readonly meaning: string;
  /** Such as `change-request`. */
  readonly recordKind: string;
  readonly record: string;
  /** SHA-256, hex, of the record's canonical bytes. */
  readonly recordDigest: string;
  /** SHA-256, hex, of the canonical JSON of the reason that the event will have. */
  readonly reasonDigest: string;
}

/** What a person's security key is asked for. */
export type KeyPurpose =
  | { readonly for: 'sign-in'; readonly person: string }
  | { readonly for: 'credentials'; readonly person: string }
  | ({ readonly for: 'signature'; readonly person: string; readonly printedName: string } & SignedWhat);

/** What tells one statement from every other. */
export interface Issued {
  /** When it was made, by our clock. RFC 3339, UTC. */
  readonly at: string;
  /** Base64url of 32 bytes. */
  readonly nonce: string;
}

/** Names the form, so that what was signed once can never be read as something else. */
const FORM = 'holdfast/security-key/v1';

/**
 * What a security key signs, in words: its challenge is the SHA-256 of the canonical JSON (RFC 8785) of this. All that gives a signature its sense is in
 * it, so that it cannot be moved to another record, meaning, signer or site.
 */
export type Statement = { readonly form: typeof FORM; readonly site: string } & KeyPurpose & Issued;

export function statementOf(site: string, purpose: KeyPurpose, { at, nonce }: Issued): Statement {
  return { form: FORM, site, ...purpose, at, nonce };
}

/** Base64url of 32 bytes. */
export function challengeOf(statement: Statement): string {
  const bytes = canonicalBytes(statement as unknown as JsonObject);
  return createHash('sha256').update(bytes).digest('base64url');
}
