import { USUAL_KEY_DAYS } from './key-days.js';
import type { HeardCondition, NodeEvent } from './events.js';

export interface EnrolledNode {
  readonly status: 'enrolled';
  /** Ed25519, 32 bytes in base64. */
  readonly publicKey: string;
  readonly tokenDigest: string | null;
  /** RFC 3339, UTC; null: no end was given to it. */
  readonly keyExpiresAt: string | null;
  readonly keyDays: number;
  /** Which of its ends was told already. */
  readonly keyTold: 'ending' | 'over' | null;
  /** The one that this replaced. */
  readonly keyBefore: string | null;
  /** Given out after its key had ended. */
  readonly invitation: Invitation | null;
  /** Of the newest event that counts its heartbeats. */
  readonly heard: Pick<HeardCondition, 'heardAt' | 'version' | 'ring'> | null;
  readonly silent: boolean;
  readonly forked: boolean;
  readonly gapSeen: boolean;
}

interface Invitation {
  readonly tokenDigest: string;
  readonly expiresAt: string;
  readonly keyDays?: number;
}

/** `node/<name>`, folded. */
export type Node =
  | { readonly status: 'unknown' }
  | ({ readonly status: 'invited' } & Invitation)
  | EnrolledNode
  | { readonly status: 'retired' };

export function evolve(state: Node, event: NodeEvent): Node {
  switch (event.type) {
    case 'NodeInvited':
      if (state.status === 'enrolled') return { ...state, invitation: event.data };
      return { status: 'invited', ...event.data };
    case 'NodeEnrolled':
      return {
        status: 'enrolled',
        ...event.data,
        ...NEW_KEY,
        keyDays: event.data.keyDays ?? USUAL_KEY_DAYS,
        keyExpiresAt: event.data.keyExpiresAt ?? null,
        keyBefore: null,
        heard: null,
        silent: false,
        forked: false,
        gapSeen: false,
      };
    case 'NodeKeyRenewed': {
      const { publicKey, old, keyDays, keyExpiresAt } = event.data;
      const tokenDigest = event.data.tokenDigest ?? enrolled(state, event, {}).tokenDigest;
      const key = { publicKey, keyBefore: old, keyDays, keyExpiresAt, tokenDigest, ...NEW_KEY };
      return enrolled(state, event, key);
    }
    case 'NodeKeyEnding':
      return enrolled(state, event, { keyTold: 'ending' });
    case 'NodeKeyEnded':
      return enrolled(state, event, { keyTold: 'over' });
    case 'NodeRetired':
      return { status: 'retired' };
    case 'NodeHeardFrom':
      return enrolled(state, event, { heard: event.data });
    case 'NodeFellSilent':
      return enrolled(state, event, { silent: true });
    case 'NodeCameBack':
      return enrolled(state, event, { silent: false, heard: event.data });
    case 'NodeForkSeen':
      return enrolled(state, event, { forked: true });
    case 'NodeGapSeen':
      return enrolled(state, event, { gapSeen: true });
  }
}

const NEW_KEY = { keyTold: null, invitation: null } as const;

function enrolled(state: Node, event: NodeEvent, change: Partial<EnrolledNode>): EnrolledNode {
  if (state.status !== 'enrolled') throw new Error(`${event.type} cannot follow ${state.status}`);
  return { ...state, ...change };
}
