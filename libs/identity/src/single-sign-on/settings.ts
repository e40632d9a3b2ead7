import type { ForwardProxy } from '#platform/forward-proxy';

/** How a site's people sign in at their identity provider. */
export interface SignOnSettings {
  /** As it calls itself. */
  readonly issuer: string;
  readonly clientId: string;
  /** Absent: a public client, which PKCE alone protects (RFC 7636). */
  readonly clientSecret?: string;
  /** With blanks between them. */
  readonly scopes: string;
  /** The claim that names a person. */
  readonly claim: string;
  /** Beside the issuer's, where its endpoints may be. */
  readonly origins: readonly string[];
  /** Absent: the provider is reached directly. */
  readonly proxy?: ForwardProxy;
  /** Certificates in PEM. Given: these authorities are trusted, and no others. */
  readonly authorities?: string;
  /** Where the browser comes back to. */
  readonly redirectUri: string;
}

/** Null: the site has no identity provider. */
export const SIGN_ON_SETTINGS = Symbol('SignOnSettings');
/** The page that a browser comes back to, below the address of control. */
export const SIGN_ON_PATH = '/single-sign-on';
