import type { CommandContext } from '#kernel';
import type { BatchInQuestion, NodeCondition } from './events.js';

export interface InviteNode {
  readonly type: 'InviteNode';
  readonly name: string;
  readonly tokenDigest: string;
  readonly expiresAt: string;
  /** How long its key is good; null: as usual. */
  readonly keyDays: number | null;
  readonly context: CommandContext;
}

/** Whoever gives it has checked that the sender holds the key. */
export interface EnrolNode {
  readonly type: 'EnrolNode';
  readonly name: string;
  readonly publicKey: string;
  /** Of the token that was shown; null for the site's own proxy. */
  readonly tokenDigest: string | null;
  readonly context: CommandContext;
}

/** Whoever gives it has checked that the sender holds both keys. */
export interface RenewNodeKey {
  readonly type: 'RenewNodeKey';
  readonly name: string;
  /** The one that the message was signed with. */
  readonly oldKey: string;
  readonly publicKey: string;
  readonly context: CommandContext;
}

/** Time has passed. */
export interface NoteKey {
  readonly type: 'NoteKey';
  readonly context: CommandContext;
}

export interface RetireNode {
  readonly type: 'RetireNode';
  readonly name: string;
  readonly context: CommandContext;
}

/** A heartbeat was taken. */
export interface NoteHeard {
  readonly type: 'NoteHeard';
  readonly condition: NodeCondition;
  readonly context: CommandContext;
}

/** @see NodeFellSilent */
export interface NoteSilence {
  readonly type: 'NoteSilence';
  /** When it was heard of last, RFC 3339 UTC. */
  readonly since: string;
  readonly context: CommandContext;
}

export interface NoteFork {
  readonly type: 'NoteFork';
  readonly question: BatchInQuestion;
  readonly context: CommandContext;
}

export interface NoteGap {
  readonly type: 'NoteGap';
  readonly question: BatchInQuestion;
  readonly context: CommandContext;
}

export type NodeCommand =
  InviteNode | EnrolNode | RenewNodeKey | NoteKey | RetireNode | NoteHeard | NoteSilence | NoteFork | NoteGap;
