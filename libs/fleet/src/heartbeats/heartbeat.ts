import { RING_NAME } from '../domain/rings/rings.js';
import type { NodeCondition } from '../domain/node/events.js';
import { NODE_NAME } from '../domain/node/node.js';
import type { MessageReader } from '../message-reader.js';

/** A node says that it is there, and how it is. */
export interface Heartbeat extends NodeCondition {
  readonly node: string;
  /** Larger than that of every heartbeat before. */
  readonly stamp: number;
  /** When, by the node's clock: RFC 3339, UTC. */
  readonly at: string;
}

export const LARGEST_BACKLOG = 1_000_000_000;

/** @throws FleetError `node-message-malformed` */
export function readHeartbeat(read: MessageReader): Heartbeat {
  const heartbeat = {
    node: read.string('node', NODE_NAME),
    stamp: read.count('stamp', Number.MAX_SAFE_INTEGER),
    at: read.time('at'),
    version: read.string('version', /^[\x21-\x7e]{1,64}$/),
    ...(read.has('ring') && { ring: read.string('ring', RING_NAME) }),
    policyPosition: read.stringOrNull('policyPosition', /^(?:0|[1-9][0-9]{0,18})$/),
    backlog: read.count('backlog', LARGEST_BACKLOG),
    backlogSince: read.timeOrNull('backlogSince'),
  };
  read.end();
  return heartbeat;
}
