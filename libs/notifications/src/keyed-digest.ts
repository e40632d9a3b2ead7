/** What the history has in place of a secret: HMAC-SHA-256, in hex, under a key that only the site has. */
export interface KeyedDigest {
  readonly hmacSha256: string;
}
