import type { CommandContext, Decider } from '#kernel';
import { FleetError } from '../../errors.js';
import { isKeyOver, keyTerms, noteKey, renewKey, replaceKey } from './keys.js';
import { USUAL_KEY_DAYS } from './key-days.js';
import type { EnrolNode, InviteNode, NodeCommand, NoteHeard, RetireNode } from './commands.js';
import type { HeardCondition, NodeEvent } from './events.js';
import { evolve, type EnrolledNode, type Node } from './state.js';

/** A node is named by who invites it; the name is its id, and is given once. */
export function nodeStream(name: string): string {
  return `node/${name}`;
}

export const NODE_NAME = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;
export const NODE_NAME_RULE =
  'must be 1 to 40 small letters, digits and "-", and begin and end with none of the last';

const HOUR_MS = 3_600_000;

/** @throws FleetError `operator-required`, `invalid-node-name`, `no-such-node`, `node-exists`, `enrolment-refused`, `node-retired` */
function decide(command: NodeCommand, state: Node): readonly NodeEvent[] {
  switch (command.type) {
    case 'InviteNode':
      return invite(command, state);
    case 'EnrolNode':
      return enrol(command, state);
    case 'RenewNodeKey':
      return renewKey(command, requireEnrolled(command.name, state));
    case 'NoteKey':
      return noteKey(command, state);
    case 'RetireNode':
      return retire(command, state);
    case 'NoteHeard':
      return hear(command, state);
    case 'NoteSilence':
      return state.status === 'enrolled' && !state.silent
        ? [{ type: 'NodeFellSilent', data: { since: command.since } }]
        : [];
    case 'NoteFork':
      return state.status === 'enrolled' && !state.forked
        ? [{ type: 'NodeForkSeen', data: command.question }]
        : [];
    case 'NoteGap':
      return state.status === 'enrolled' && !state.gapSeen
        ? [{ type: 'NodeGapSeen', data: command.question }]
        : [];
  }
}

/** Again, while it has not enrolled: the token before is worth nothing then. And where its key has ended, for a new one. */
function invite(
  { name, tokenDigest, expiresAt, keyDays, context }: InviteNode,
  state: Node,
): readonly NodeEvent[] {
  requireOperator(context);
  if (!NODE_NAME.test(name)) throw new FleetError('invalid-node-name', `${name} ${NODE_NAME_RULE}`);
  const isOver = state.status === 'enrolled' && !state.forked && isKeyOver(state, context.at);
  if ((state.status === 'enrolled' && !isOver) || state.status === 'retired')
    throw new FleetError(
      'node-exists',
      `${name} ${state.status === 'enrolled' ? 'has enrolled' : 'was retired'}: give the new node another name`,
    );
  const terms = keyDays === null ? {} : { keyDays };
  return [{ type: 'NodeInvited', data: { tokenDigest, expiresAt, ...terms } }];
}

/** Once. The answer to it may have been lost: the same token with the same key changes nothing. */
function enrol(command: EnrolNode, state: Node): readonly NodeEvent[] {
  const { name, publicKey, tokenDigest, context } = command;
  if (!NODE_NAME.test(name)) throw new FleetError('invalid-node-name', `${name} ${NODE_NAME_RULE}`);
  if (state.status === 'enrolled' && state.publicKey === publicKey && state.tokenDigest === tokenDigest)
    return [];
  const anew = replaceKey(command, state);
  if (anew) return anew;
  const days = (state.status === 'invited' ? state.keyDays : undefined) ?? USUAL_KEY_DAYS;
  const data = { publicKey, tokenDigest, ...keyTerms(days, context.at) };
  const enrolled: NodeEvent = { type: 'NodeEnrolled', data };
  if (tokenDigest === null) {
    if (context.actor.kind !== 'service' || context.actor.id !== 'host' || state.status !== 'unknown')
      throw refusedEnrolment();
    return [enrolled];
  }
  const invited = state.status === 'invited' && state.tokenDigest === tokenDigest;
  // No leniency for a clock that was set back: a person can give out another token.
  if (!invited || Date.parse(context.at) >= Date.parse(state.expiresAt)) throw refusedEnrolment();
  return [enrolled];
}

function retire({ name, context }: RetireNode, state: Node): readonly NodeEvent[] {
  requireOperator(context);
  switch (state.status) {
    case 'unknown':
      throw new FleetError('no-such-node', `there is no node ${name}`);
    case 'retired':
      throw new FleetError('node-retired', `${name} is retired already`);
    case 'invited':
      return [{ type: 'NodeRetired', data: { publicKey: null } }];
    case 'enrolled':
      return [{ type: 'NodeRetired', data: { publicKey: state.publicKey } }];
  }
}

function hear({ condition, context }: NoteHeard, state: Node): readonly NodeEvent[] {
  if (state.status !== 'enrolled') return [];
  const data: HeardCondition = { ...condition, heardAt: context.at };
  if (state.silent) return [{ type: 'NodeCameBack', data }];
  const { heard } = state;
  const recently = heard !== null && Date.parse(context.at) - Date.parse(heard.heardAt) < HOUR_MS;
  const same = heard?.version === condition.version && heard.ring === condition.ring;
  return recently && same ? [] : [{ type: 'NodeHeardFrom', data }];
}

/**
 * The node behind a message that it signed.
 * @throws FleetError `no-such-node`, `node-retired`
 */
export function requireEnrolled(name: string, state: Node): EnrolledNode {
  switch (state.status) {
    case 'enrolled':
      return state;
    case 'retired':
      throw new FleetError('node-retired', `${name} was retired: nothing of it is taken any more`);
    case 'unknown':
    case 'invited':
      throw new FleetError('no-such-node', `${name} has not enrolled`);
  }
}

function requireOperator({ actor }: CommandContext): void {
  if (actor.kind === 'person' && actor.roles.includes('operator')) return;
  const who = actor.kind === 'person' ? actor.name : actor.id;
  throw new FleetError('operator-required', `${who} does not have the role operator`);
}

/** Says nothing about why: whoever has no token shall not learn which names there are. */
function refusedEnrolment(): FleetError {
  return new FleetError(
    'enrolment-refused',
    'the token was refused: it was used, has expired, or is none of ours; have another one given out',
  );
}

export const node: Decider<NodeCommand, NodeEvent, Node> & {
  readonly versions: { readonly [Type in NodeEvent['type']]: number };
} = {
  initialState: { status: 'unknown' },
  decide,
  evolve,
  versions: {
    NodeInvited: 2,
    NodeEnrolled: 2,
    NodeKeyRenewed: 1,
    NodeKeyEnding: 1,
    NodeKeyEnded: 1,
    NodeRetired: 1,
    NodeHeardFrom: 1,
    NodeFellSilent: 1,
    NodeCameBack: 1,
    NodeForkSeen: 1,
    NodeGapSeen: 1,
  },
};
