import { sha256Hex } from '#kernel';

/** What the history says of a challenge that nobody has answered yet: SHA-256, hex. @param challenge base64url of its bytes */
export function challengeDigestOf(challenge: string): string {
  return sha256Hex(Buffer.from(challenge, 'base64url'));
}

/** Names the stream of who holds a key. @param credentialId base64url */
export function credentialDigestOf(credentialId: string): string {
  return sha256Hex(Buffer.from(credentialId, 'base64url'));
}
