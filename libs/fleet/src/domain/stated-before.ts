import { statedBefore, type StatedBefore, type StatedBeforeIn } from '#kernel';
import type { Deliveries, DeliveriesRecorded } from './deliveries/deliveries.js';
import type { KeyTerms, NodeEvent } from './node/events.js';
import type { Node } from './node/state.js';

/** What events about a node say was before them (R03). */
export const statedOfNode: StatedBeforeIn<NodeEvent, Node> = {
  NodeInvited: null,
  NodeEnrolled: null,
  NodeKeyRenewed: ({ old }, state) => [statedBefore('old', old, keyOf(state).publicKey)],
  NodeKeyEnding: keyBefore,
  NodeKeyEnded: keyBefore,
  NodeRetired: ({ publicKey }, state) => [statedBefore('publicKey', publicKey, keyOf(state).publicKey)],
  NodeHeardFrom: null,
  NodeFellSilent: null,
  NodeCameBack: null,
  NodeForkSeen: { because: 'what the batch says came before it is what is in question' },
  NodeGapSeen: { because: 'what the batch says came before it is what is not recorded' },
};

/** What a batch of deliveries says came before it (R03). The first one of a stream follows one of the stream before. */
export const statedOfDeliveries: StatedBeforeIn<DeliveriesRecorded, Deliveries> = {
  DeliveriesRecorded: ({ batch, previous }, { last }) =>
    last === null || last.batch === Number(batch) ? [] : [statedBefore('previous', previous, last.digest)],
};

function keyBefore(
  { publicKey, keyExpiresAt }: { readonly publicKey: string } & Pick<KeyTerms, 'keyExpiresAt'>,
  state: Node,
): readonly StatedBefore[] {
  const key = keyOf(state);
  return [
    statedBefore('publicKey', publicKey, key.publicKey),
    statedBefore('keyExpiresAt', keyExpiresAt, key.keyExpiresAt),
  ];
}

function keyOf(state: Node): { readonly publicKey: string | null; readonly keyExpiresAt: string | null } {
  return state.status === 'enrolled' ? state : { publicKey: null, keyExpiresAt: null };
}
