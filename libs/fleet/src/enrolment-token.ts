import { randomBytes } from 'node:crypto';
import { sha256Hex } from '#kernel';

/** Says what it is to secret scanners, and which node it is for. */
const FORM = /^hfn_([a-z0-9-]{1,40})\.[A-Za-z0-9_-]{32}$/;

export interface IssuedToken {
  /** Shown once, to who invited the node. */
  readonly token: string;
  /** What is recorded of it. */
  readonly digest: string;
}

/** With 192 random bits: guessing it is hopeless, so its plain digest gives nothing away. */
export function issueToken(node: string): IssuedToken {
  const token = `hfn_${node}.${randomBytes(24).toString('base64url')}`;
  return { token, digest: tokenDigest(token) };
}

export function tokenDigest(token: string): string {
  return sha256Hex(Buffer.from(token));
}

/** The name of the node that a token is for; undefined for what is no token of ours. */
export function nodeOfToken(token: string): string | undefined {
  return FORM.exec(token)?.[1];
}
