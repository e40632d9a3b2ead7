import { subjectKey } from '../../release-target.js';
import type { PersonActor } from '#kernel';
import type { ApprovalPolicy, Emergency } from '../approval-policy/approval-policy.js';
import { frozenAt } from '../approval-policy/freeze.js';
import { requireTicket } from '../approval-policy/ticket-rule.js';
import type { ChangeItem } from './change-item.js';
import { ReleaseControlError } from '../errors.js';
import { allowed, requirePerson } from './allowed.js';
import type { ReleaseEmergency } from './commands.js';
import type { ChangeRequestEvent, OverrideChange, ResolvedChange } from './events.js';
import { requireSignature, requireSigningRoles } from './require-signature.js';
import type { EmergencyReleased } from './emergency-events.js';
import type { Captured, ChangeRequest } from './state.js';
import { soakOf } from './waiting.js';
import type { HoldExpiry } from './hold-expiry.js';
import { hasBegun, requireInTime } from './window.js';

const HOUR_MS = 3_600_000;

/**
 * One person's signature is enough for what the ring's policy pre-authorises, as it is in force now, by whom it names now: overrides of snaps that it
 * names, and nothing else. It approves nothing: others do, afterwards (ADR 0021).
 * @throws ReleaseControlError `not-pre-authorised`, `not-on-call`, `not-an-approver`, `signature-required`, `record-changed`, `too-early`, `too-late`, `ring-frozen`, `ticket-not-approved`
 */
export function release(command: ReleaseEmergency, state: ChangeRequest): ChangeRequestEvent {
  const request = allowed(state, command.type);
  const signer = requirePerson(command.context);
  const { signature, policy, context } = command;
  const roles = requireSigningRoles(signer, request.ring);
  requireInTime(request, context.at);
  // It waits for no ticket; what its system turned down, nobody releases.
  requireTicket(undefined, request);
  if (!hasBegun(request.window, context.at)) {
    throw new ReleaseControlError(
      'too-early',
      `${request.id} is not to take effect before ${request.window.notBefore}: what is released takes effect at once`,
    );
  }
  requireNotFrozen(request.ring, policy, context.at);
  if (request.stages !== undefined)
    throw new ReleaseControlError(
      'not-pre-authorised',
      `${request.id} is a plan for several rings: an emergency is of one`,
    );
  const emergency = requireOnCall(request.ring, policy, signer);
  requireOverridesAlone(request.id, request.items);
  for (const change of request.changes) requireNamed(request.id, emergency, change);
  const { recordDigest } = request;
  requireSignature(request.id, context, signature, { meaning: 'released', recordDigest });
  const passedOver = soakPassedOver(command, request);
  const ratifyBy = new Date(Date.parse(context.at) + emergency.ratifyWithinHours * HOUR_MS).toISOString();
  return {
    type: 'EmergencyReleased',
    data: { signature, policyVersion: policy.version, roles, ratifyBy, ...passedOver },
  };
}

/** An emergency waits for no soak (ADR 21): that it did not is said, to who ratifies it. */
function soakPassedOver(
  { policy, soak, context }: ReleaseEmergency,
  { items, changes }: Pick<Captured, 'items' | 'changes'>,
): Pick<EmergencyReleased['data'], 'soakPassedOver'> {
  const wait = soakOf({ items, changes }, { policy, soak }, context.at);
  return wait ? { soakPassedOver: wait.why } : {};
}

/** @throws ReleaseControlError `ring-frozen` in a freeze that emergencies do not pass */
function requireNotFrozen(ring: string, { freezes = [], version }: ApprovalPolicy, at: string): void {
  const frozen = frozenAt(freezes, at);
  if (frozen?.emergencies !== 'wait') return;
  throw new ReleaseControlError(
    'ring-frozen',
    `ring ${ring} is frozen until ${frozen.until}, for emergencies as well, by its approval policy (version ${version}): ${frozen.why}`,
  );
}

/**
 * The ring's pre-authorisation, of who is on call by it.
 * @throws ReleaseControlError `not-pre-authorised`, `not-on-call`
 */
function requireOnCall(
  ring: string,
  { emergency, version }: ApprovalPolicy,
  person: Pick<PersonActor, 'id' | 'name'>,
): Emergency {
  const policy = `the approval policy of ring ${ring} (version ${version})`;
  if (!emergency)
    throw new ReleaseControlError('not-pre-authorised', `${policy} pre-authorises no emergency`);
  if (!emergency.onCall.some((each) => each.person === person.id))
    throw new ReleaseControlError(
      'not-on-call',
      `${person.name} is not on call: ${policy} names ${emergency.onCall.map(({ login }) => login).join(', ')}`,
    );
  return emergency;
}

/**
 * Whoever could not release it is told before anything is drafted: what counts is what is in force when it is released.
 * @throws ReleaseControlError `not-pre-authorised`, `not-on-call`, `not-an-approver`, `ring-frozen`
 */
export function requireReleasable(
  ring: string,
  policy: ApprovalPolicy,
  {
    actor,
    items,
    at,
  }: { readonly actor: PersonActor; readonly items: readonly ChangeItem[]; readonly at: string },
): void {
  requireSigningRoles(actor, ring);
  requireNotFrozen(ring, policy, at);
  const { snaps } = requireOnCall(ring, policy, actor);
  requireOverridesAlone(`a request of ring ${ring}`, items);
  if (snaps === 'all') return;
  const names = snaps.map(({ name }) => name);
  const unnamed = items.find((item) => 'name' in item && !names.includes(item.name));
  if (unnamed && 'name' in unnamed)
    throw new ReleaseControlError(
      'not-pre-authorised',
      `an emergency of ${unnamed.name} is not pre-authorised in ring ${ring}, but of ${names.join(', ')}`,
    );
}

/**
 * A revision for a channel, one by one: whatever stands for more than it names, as a promotion does, or gives back to upstream, now or at its end, is none.
 * @throws ReleaseControlError `not-pre-authorised`
 */
function requireOverridesAlone(what: string, items: readonly ChangeItem[]): void {
  for (const item of items) {
    const asked = otherThanOverride(item);
    if (asked === undefined) continue;
    throw new ReleaseControlError(
      'not-pre-authorised',
      `${what} asks for ${asked}: an emergency is of revisions for channels alone, the rest takes an approval`,
    );
  }
}

/** What an item asks for that is more than a revision for a channel; an end that comes about by itself is another decision, signed by nobody else. */
function otherThanOverride(item: ChangeItem): string | undefined {
  if (item.kind !== undefined) return `"${item.kind}"`;
  const { name, version, expiry } = item;
  if (version === null) return `${name} given back to upstream`;
  return endsItself(expiry) ? `${name} held until ${expiry.at} and then "${expiry.action}"` : undefined;
}

function endsItself(expiry: HoldExpiry | undefined): expiry is HoldExpiry {
  return expiry !== undefined && expiry.action !== 'keep';
}

/** @throws ReleaseControlError `not-pre-authorised` for another kind of change than an override, or a snap that is not named */
function requireNamed(id: string, { snaps }: Emergency, change: ResolvedChange): void {
  if (change.kind !== undefined)
    throw new ReleaseControlError(
      'not-pre-authorised',
      `${id} changes ${WHAT[change.kind]} as well: an emergency is of overrides alone, the rest takes an approval`,
    );
  if (change.new === null)
    throw new ReleaseControlError(
      'not-pre-authorised',
      `${id} would give ${change.name} back to upstream, which decides anew each time: an emergency sets a revision`,
    );
  const { expiry } = change.new;
  if (endsItself(expiry))
    throw new ReleaseControlError(
      'not-pre-authorised',
      `${id} would hold ${change.name} until ${expiry.at} and then "${expiry.action}": an emergency is held without an end, or with one that keeps it`,
    );
  if (snaps === 'all' || isAmong(snaps, change)) return;
  throw new ReleaseControlError(
    'not-pre-authorised',
    `an emergency of ${change.name} (${change.target.subject}) is not pre-authorised, but of ${snaps.map(({ name, subject }) => `${name} (${subject})`).join(', ')}`,
  );
}

function isAmong(snaps: Exclude<Emergency['snaps'], 'all'>, { target }: OverrideChange): boolean {
  return snaps.some((snap) => subjectKey(snap) === subjectKey(target));
}

const WHAT: Readonly<Record<Exclude<ResolvedChange['kind'], undefined>, string>> = {
  access: 'the access policy',
  listing: 'the deny or allow list',
  'publisher-changes': 'what is done about publishers',
  block: 'that a snap is blocked for what its publisher did',
  'approval-policy': 'the approval policy',
  'ring-halt': 'that the ring is halted',
  halt: 'that a snap is halted',
  members: 'which devices are the ring’s',
  template: 'what is approved by template',
};
