import type { HeardCondition, NodeEvent } from './events.js';

export interface EnrolledNode {
  readonly status: 'enrolled';
  /** Ed25519, 32 bytes in base64. */
  readonly publicKey: string;
  readonly tokenDigest: string | null;
  /** Of the newest event that counts its heartbeats. */
  readonly heard: Pick<HeardCondition, 'heardAt' | 'version' | 'ring'> | null;
  readonly silent: boolean;
  readonly forked: boolean;
  readonly gapSeen: boolean;
}

/** `node/<name>`, folded. */
export type Node =
  | { readonly status: 'unknown' }
  | { readonly status: 'invited'; readonly tokenDigest: string; readonly expiresAt: string }
  | EnrolledNode
  | { readonly status: 'retired' };

export function evolve(state: Node, event: NodeEvent): Node {
  switch (event.type) {
    case 'NodeInvited':
      return { status: 'invited', ...event.data };
    case 'NodeEnrolled':
      return {
        status: 'enrolled',
        ...event.data,
        heard: null,
        silent: false,
        forked: false,
        gapSeen: false,
      };
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

function enrolled(state: Node, event: NodeEvent, change: Partial<EnrolledNode>): EnrolledNode {
  if (state.status !== 'enrolled') throw new Error(`${event.type} cannot follow ${state.status}`);
  return { ...state, ...change };
}
