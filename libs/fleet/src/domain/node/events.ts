import type { DomainEvent } from '#kernel';

/** A person invites a proxy, or one whose key has ended to show another. The token was shown to them and to nobody else; this is its digest. Version 2: `keyDays`. */
export type NodeInvited = DomainEvent<
  'NodeInvited',
  {
    /** SHA-256 of the token, hex. */
    readonly tokenDigest: string;
    /** RFC 3339, UTC. */
    readonly expiresAt: string;
    /** How long its key is to be good; absent: as usual, or the key that ended had its own length. */
    readonly keyDays?: number;
  }
>;

/** A proxy has shown the token and its own public key: what it reports is signed with that key from now on. Version 2: how long. */
export type NodeEnrolled = DomainEvent<
  'NodeEnrolled',
  {
    /** Ed25519, 32 bytes in base64. */
    readonly publicKey: string;
    /** Null for the site's own proxy, whose key its launcher knows. */
    readonly tokenDigest: string | null;
  } & Partial<KeyTerms>
>;

/** How long a node's key is good, and until when: RFC 3339, UTC. Of keys from releases that gave them no end, absent. */
export type KeyTerms = { readonly keyDays: number; readonly keyExpiresAt: string };

/** It has a new key: signed with the one before while that lasted, or shown with a token after that had ended. */
export type NodeKeyRenewed = DomainEvent<
  'NodeKeyRenewed',
  {
    readonly publicKey: string;
    /** The key before. */
    readonly old: string;
    /** Null where the key before signed for it, or the host saw to it. */
    readonly tokenDigest: string | null;
  } & KeyTerms
>;
/** It should have renewed its key by now. Alarm, once of a key. */
export type NodeKeyEnding = DomainEvent<'NodeKeyEnding', KeyInQuestion>;
/** Nothing of it is taken until it has another key; its records wait on it. Alarm, once of a key. */
export type NodeKeyEnded = DomainEvent<'NodeKeyEnded', KeyInQuestion>;
type KeyInQuestion = { readonly publicKey: string; readonly keyExpiresAt: string };

/** Nothing of it is taken any more. */
export type NodeRetired = DomainEvent<'NodeRetired', { readonly publicKey: string | null }>;

/** Heartbeats become an event at most once an hour, or when the version or the ring is another one. */
export type NodeHeardFrom = DomainEvent<'NodeHeardFrom', HeardCondition>;

/** What a node says of itself. */
export type NodeCondition = {
  readonly version: string;
  /** Whose policy it obeys; a release that knew of one ring only did not say it. */
  readonly ring?: string;
  /** The ledger position of the policy that it obeys; null before its first. */
  readonly policyPosition: string | null;
  /** Records that it has still to hand over. */
  readonly backlog: number;
  /** When the oldest of them was made, by the node's clock; null when there is none. */
  readonly backlogSince: string | null;
};

export type HeardCondition = NodeCondition & {
  /** When, by the server's clock: RFC 3339, UTC. */
  readonly heardAt: string;
};

/** Nothing was heard since. Alarm. */
export type NodeFellSilent = DomainEvent<'NodeFellSilent', { readonly since: string }>;
export type NodeCameBack = DomainEvent<'NodeCameBack', HeardCondition>;

/** Other records came, signed, under a number that is taken, or after another batch than the last: two hold its key. Alarm. */
export type NodeForkSeen = DomainEvent<'NodeForkSeen', BatchInQuestion>;
/** A batch came whose predecessor is not recorded: records are missing. Alarm, once. */
export type NodeGapSeen = DomainEvent<'NodeGapSeen', BatchInQuestion>;

export type BatchInQuestion = {
  /** Its number, decimal. */
  readonly batch: string;
  /** Of the batch that came, SHA-256, hex. */
  readonly digest: string;
  /** Of the batch that it says came before it. */
  readonly previous: string;
};

export type NodeEvent =
  | NodeInvited
  | NodeEnrolled
  | NodeKeyRenewed
  | NodeKeyEnding
  | NodeKeyEnded
  | NodeRetired
  | NodeHeardFrom
  | NodeFellSilent
  | NodeCameBack
  | NodeForkSeen
  | NodeGapSeen;
