import { CodedError, sha256Hex } from '#kernel';
import { parseAssertion, scalarOf } from '#snap';
import type { Sayings } from './saying.js';

/** Its revision, and its bytes by their digest (protocol page 7). Undefined for what is no assertion. @param name its type and key */
export function readAssertion(name: string, body: Buffer): Sayings | undefined {
  try {
    const { type, revision, headers } = parseAssertion(body);
    const snapId = scalarOf(headers, 'snap-id');
    // A line's end behind the signature says nothing.
    const digest = sha256Hex(Buffer.from(body.toString('latin1').trimEnd(), 'latin1')).slice(0, 16);
    const what = `${type} of revision ${revision}`;
    return new Map([['', { snapId, name, where: '', what, members: { sha256: digest } }]]);
  } catch (error) {
    if (error instanceof CodedError) return undefined;
    throw error;
  }
}
