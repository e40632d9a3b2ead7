import { later } from '#kernel';
import { FleetError } from '../../errors.js';
import type { EnrolNode, NoteKey, RenewNodeKey } from './commands.js';
import type { KeyTerms, NodeEvent } from './events.js';
import type { EnrolledNode, Node } from './state.js';

const DAY_MS = 86_400_000;

/** A node makes a new key when so much of its time is left, or a third of it. */
const RENEWED_BEFORE_DAYS = 60;
/** People are told when so much is left, or a sixth: by then it should have renewed it. */
const TOLD_BEFORE_DAYS = 30;

/** @param at RFC 3339, UTC, as what it returns */
export function keyTerms(keyDays: number, at: string): KeyTerms {
  return { keyDays, keyExpiresAt: later(at, keyDays * DAY_MS) };
}

/** Whether the node is to make a new key now: its own has an end that is near, or was enrolled by a release that gave keys none. */
export function isRenewalDue({ keyExpiresAt, keyDays }: EnrolledNode, at: string): boolean {
  if (keyExpiresAt === null) return true;
  return isWithin(keyExpiresAt, Math.min(RENEWED_BEFORE_DAYS, keyDays / 3), at);
}

export function isKeyOver({ keyExpiresAt }: EnrolledNode, at: string): boolean {
  return keyExpiresAt !== null && isWithin(keyExpiresAt, 0, at);
}

/**
 * The node's key may sign at that moment.
 * @throws FleetError `node-key-expired`
 */
export function requireKeyInTime(name: string, node: EnrolledNode, at: string): void {
  if (!isKeyOver(node, at)) return;
  throw new FleetError(
    'node-key-expired',
    `the key of ${name} ended at ${node.keyExpiresAt}: what it has to hand over waits on it. "holdfast nodes invite ${name}" gives out a token with which it shows a new one`,
  );
}

/**
 * By the node, signed with the key before while that lasts. Once more with the same two keys changes nothing: the answer may have been lost.
 * @throws FleetError `node-forked`, `node-signature-refused`, `node-key-expired`, `node-key-not-due`
 */
export function renewKey(
  { name, oldKey, publicKey, context }: RenewNodeKey,
  node: EnrolledNode,
): readonly NodeEvent[] {
  if (node.publicKey === publicKey && node.keyBefore === oldKey) return [];
  if (node.publicKey !== oldKey)
    throw new FleetError('node-signature-refused', `${name} has another key than the one that signed this`);
  requireKeyInTime(name, node, context.at);
  if (node.forked)
    throw new FleetError(
      'node-forked',
      `two histories came under the key of ${name}, so that it makes no other: retire it, and enrol the proxy anew under another name`,
    );
  if (publicKey === oldKey || !isRenewalDue(node, context.at))
    throw new FleetError(
      'node-key-not-due',
      `${name} makes a new key when the end of its own is near: it is good until ${node.keyExpiresAt}`,
    );
  return [renewed(node, publicKey, null, context.at)];
}

/**
 * With a token that was given out after the key had ended; the site's own proxy, whose launcher sees to it, without.
 * @returns undefined where that is not how it is
 */
export function replaceKey(
  { publicKey, tokenDigest, context }: EnrolNode,
  node: Node,
): readonly NodeEvent[] | undefined {
  if (node.status !== 'enrolled' || node.publicKey === publicKey || !isKeyOver(node, context.at))
    return undefined;
  const { invitation } = node;
  const byHost =
    tokenDigest === null &&
    node.tokenDigest === null &&
    context.actor.kind === 'service' &&
    context.actor.id === 'host';
  const byToken =
    tokenDigest !== null &&
    invitation?.tokenDigest === tokenDigest &&
    Date.parse(context.at) < Date.parse(invitation.expiresAt);
  const keyDays = invitation?.keyDays ?? node.keyDays;
  return byHost || byToken ? [renewed({ ...node, keyDays }, publicKey, tokenDigest, context.at)] : undefined;
}

/** Each once of a key. */
export function noteKey({ context }: NoteKey, node: Node): readonly NodeEvent[] {
  if (node.status !== 'enrolled' || node.keyExpiresAt === null) return [];
  const { keyExpiresAt, keyDays, keyTold } = node;
  const data = { publicKey: node.publicKey, keyExpiresAt };
  if (isKeyOver(node, context.at)) return keyTold === 'over' ? [] : [{ type: 'NodeKeyEnded', data }];
  if (!isKeyEnding(keyExpiresAt, keyDays, context.at) || keyTold !== null) return [];
  return [{ type: 'NodeKeyEnding', data }];
}

function isKeyEnding(keyExpiresAt: string, keyDays: number, at: string): boolean {
  return isWithin(keyExpiresAt, Math.min(TOLD_BEFORE_DAYS, keyDays / 6), at);
}

/** A clock that was set back lengthens a key, as it would lengthen a certificate; it is the server's own. */
function isWithin(end: string, days: number, at: string): boolean {
  return Date.parse(at) >= Date.parse(end) - days * DAY_MS;
}

function renewed(node: EnrolledNode, publicKey: string, tokenDigest: string | null, at: string): NodeEvent {
  const data = { publicKey, old: node.publicKey, tokenDigest, ...keyTerms(node.keyDays, at) };
  return { type: 'NodeKeyRenewed', data };
}
