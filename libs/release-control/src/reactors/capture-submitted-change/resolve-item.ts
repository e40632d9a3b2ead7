import type { Listing } from '../../access.js';
import { rulesOf } from '../../domain/approval-policy/approval-policy.js';
import { subjectKey, type Subject } from '../../release-target.js';
import type {
  ChangeItem,
  ListingItem,
  OverrideItem,
  ResumeSnapItem,
  UnblockItem,
} from '../../domain/change-request/change-item.js';
import type { ResolvedChange } from '../../domain/change-request/events.js';
import { ReleaseControlError } from '../../domain/errors.js';
import { choiceFor, listingOf, type ReleasePolicy } from '../../domain/release-policy/state.js';
import type { CapturePort } from './capture-port.js';
import { identified, named, template } from './named.js';
import { promoted } from './promote.js';
import { resolveMembers, type Membership } from './resolve-members.js';

/** What resolving needs of the world. */
export interface Resolving {
  readonly capture: CapturePort;
  /** Bytes of the record for how each version differs from the one before. */
  readonly room: number;
  readonly membership: Membership;
  /** Of the request. */
  readonly ring: string;
  /** Whom a login names, with the roles that they hold now; null for nobody. */
  people(login: string): Promise<{ readonly id: string; readonly roles: readonly string[] } | null>;
}

/**
 * What an item means exactly, and which values of the ring's policy it replaces. What it asks for is fetched, verified and kept.
 * @throws CodedError: the reason why it cannot be had
 */
export async function resolveItem(
  item: ChangeItem,
  policy: ReleasePolicy,
  resolving: Resolving,
): Promise<ResolvedChange[]> {
  const { capture, room, ring, membership } = resolving;
  switch (item.kind) {
    case undefined:
      return item.version === null
        ? removals(item, policy, capture)
        : await overrides({ ...item, version: item.version }, policy, capture, room);
    case 'access':
      return [{ kind: 'access', old: policy.access, new: item.access }];
    case 'deny':
    case 'allow':
      return item.listed ? [await listed(item, policy, capture)] : unlisted(item, policy);
    case 'publisher-changes': {
      const { kind, publisherChanges } = item;
      return [{ kind, old: policy.publisherChanges.value, new: publisherChanges }];
    }
    case 'unblock':
      return unblocked(item, policy);
    case 'approval-policy':
      return [
        { kind: item.kind, old: rulesOf(policy.approval), new: await named(item.rules, policy, resolving) },
      ];
    case 'resume-ring':
      return [ringResumed(policy)];
    case 'promotion':
      return promoted(item, policy, await membership.policyOf(item.from), { capture, room });
    case 'resume':
      return resumed(item, policy);
    case 'members':
      return [await resolveMembers(item, ring, policy, membership)];
    case 'template':
      return [await template(item, policy, capture)];
  }
}

async function overrides(
  item: OverrideItem & { readonly version: string },
  policy: ReleasePolicy,
  capture: CapturePort,
  room: number,
): Promise<ResolvedChange[]> {
  const captured = await capture.capture(item);
  const targets = captured.filter(({ target }) => isFor(item, target));
  if (targets.length === 0) {
    const has = captured.map(({ target }) => target.architecture).join(' and ');
    throw new ReleaseControlError(
      'no-such-architecture',
      `${item.name} ${item.version} is for ${has}, not for ${item.architecture}`,
    );
  }
  const changes = await Promise.all(
    targets.map(async ({ target, name, ...choice }) => {
      const old = choiceFor(policy, target);
      const difference = await capture.compare(item.format, old?.manifest ?? null, choice.manifest, room);
      const held = item.expiry ? { ...choice, expiry: item.expiry } : choice;
      return { target, name, old, new: held, difference };
    }),
  );
  // What was blocked is approved again, as it was captured just now.
  const anew = (subject: Subject) => targets.some(({ target }) => subjectKey(target) === subjectKey(subject));
  return [...changes, ...[...policy.blocked.values()].filter(anew).map(lifted)];
}

function unblocked({ format, name }: UnblockItem, policy: ReleasePolicy): ResolvedChange[] {
  const blocked = [...policy.blocked.values()].filter((each) => each.format === format && each.name === name);
  if (blocked.length === 0) throw new ReleaseControlError('not-listed', `${name} is not blocked in the ring`);
  return blocked.map(lifted);
}

function ringResumed({ halts }: ReleasePolicy): ResolvedChange {
  if (halts.length === 0) throw new ReleaseControlError('not-halted', 'the ring is not halted');
  return { kind: 'ring-halt', old: halts, new: [] };
}

/** Whatever was halted under that name, or under its snap-id. */
function resumed({ format, name }: ResumeSnapItem, policy: ReleasePolicy): ResolvedChange[] {
  const halted = [...policy.halted.values()].filter(
    (each) => each.format === format && (each.name === name || each.subject === name),
  );
  if (halted.length === 0) throw new ReleaseControlError('not-halted', `${name} is not halted in the ring`);
  return halted.map(({ subject, name: label, halts }) => ({
    kind: 'halt',
    format,
    subject,
    name: label,
    old: halts,
    new: [],
  }));
}

function lifted({ format, subject, name }: Subject & { readonly name: string }): ResolvedChange {
  return { kind: 'block', format, subject, name, old: 'blocked', new: null };
}

function isFor({ architecture }: OverrideItem, target: { readonly architecture: string }): boolean {
  return architecture === undefined || architecture === target.architecture;
}

/**
 * Giving a channel back to upstream: every architecture that the ring holds there, or the one that is named. A risk without a track was resolved by the store when it
 * was set; what is held says which track that was, unless two tracks are held.
 */
function removals(item: OverrideItem, policy: ReleasePolicy, capture: CapturePort): ResolvedChange[] {
  const held = [...policy.overrides.values()].filter(
    ({ target, name }) =>
      target.format === item.format &&
      name === item.name &&
      isFor(item, target) &&
      capture.mayMean(item.format, item.channel, target.channel),
  );
  const channels = [...new Set(held.map(({ target }) => target.channel))].sort();
  if (channels.length === 0) {
    const where = item.architecture === undefined ? item.channel : `${item.channel} for ${item.architecture}`;
    throw new ReleaseControlError('no-such-override', `nothing overrides ${item.name} on ${where}`);
  }
  if (channels.length > 1) {
    throw new ReleaseControlError(
      'ambiguous-channel',
      `${item.name} is held on ${channels.join(' and ')}: say which of them ${item.channel} is`,
    );
  }
  return held.map(({ target, name }) => ({ target, name, old: choiceFor(policy, target), new: null }));
}

const LIST = { deny: 'denied', allow: 'allowed' } as const satisfies Record<ListingItem['kind'], Listing>;

async function listed(
  item: ListingItem,
  policy: ReleasePolicy,
  capture: CapturePort,
): Promise<ResolvedChange> {
  const { format, subject } = await identified(item, policy, capture);
  const old = listingOf(policy, { format, subject });
  return { kind: 'listing', format, subject, name: item.name, old, new: LIST[item.kind] };
}

/** Whatever the list has under that name: two snaps, when the name was transferred. */
function unlisted({ kind, format, name }: ListingItem, policy: ReleasePolicy): ResolvedChange[] {
  const on = [...policy.listed.values()].filter(
    (each) => each.listing === LIST[kind] && each.format === format && each.name === name,
  );
  if (on.length === 0)
    throw new ReleaseControlError('not-listed', `${name} is not among the ring's ${LIST[kind]} snaps`);
  return on.map(({ subject, listing }) => ({
    kind: 'listing',
    format,
    subject,
    name,
    old: listing,
    new: null,
  }));
}
