import { canonicalJson, recordDigest, type JsonValue } from '#kernel';
import {
  BUILT_IN_POLICY,
  rulesOf,
  sameRules,
  textOf,
  type ApprovalRules,
} from '../approval-policy/approval-policy.js';
import type { Access, Listing, PublisherChanges } from '../../access.js';
import type { HoldExpiry } from '../change-request/hold-expiry.js';
import { ReleaseControlError } from '../errors.js';
import { ruleName, type MembershipRule } from '../membership/rule.js';
import type { ReleasePolicy } from './state.js';

/** What a ring's policy says, in people's words: what a file of it holds. In a stable order. */
export interface PolicyContent {
  readonly access: Access;
  readonly publisherChanges: PublisherChanges;
  readonly denied: readonly string[];
  readonly allowed: readonly string[];
  readonly approvals: ApprovalRules;
  readonly overrides: readonly {
    readonly name: string;
    readonly channel: string;
    readonly architecture: string;
    readonly version: string;
    /** SHA-256 of the capture manifest: a version that was captured again is another choice. */
    readonly manifest: string;
    readonly expiry?: HoldExpiry;
  }[];
  /** By which rules devices are members of the ring, by their names. */
  readonly members: readonly MembershipRule[];
}

/**
 * A ring's policy for one format.
 * @throws ReleaseControlError `ambiguous-name` when two subjects go by one name, as after a transfer: names alone cannot say it then
 */
export function contentOf(policy: ReleasePolicy, format: string): PolicyContent {
  const held = [...policy.overrides.values()].filter(({ target }) => target.format === format);
  const listed = [...policy.listed.values()].filter((each) => each.format === format);
  requireOneSubject([...held.map(({ name, target }) => ({ name, subject: target.subject })), ...listed]);
  const on = (listing: Listing) =>
    listed
      .filter((each) => each.listing === listing)
      .map(({ name }) => name)
      .sort();
  return {
    access: policy.access,
    publisherChanges: policy.publisherChanges.value,
    denied: on('denied'),
    allowed: on('allowed'),
    approvals: rulesOf(policy.approval),
    overrides: held
      .map(({ name, target: { channel, architecture }, version, manifest, expiry }) => {
        const override = { name, channel, architecture, version, manifest };
        return expiry ? { ...override, expiry } : override;
      })
      .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)),
    members: [...policy.members.values()]
      .map(({ rule }) => rule)
      .sort((a, b) => (ruleName(a) < ruleName(b) ? -1 : 1)),
  };
}

/** SHA-256, hex, of what a policy says: equal as long as nothing of it moved. What a ring begins with (it keeps, the built-in rules, no members) is left out, as before there was anything else. */
export function contentDigest(content: PolicyContent): string {
  return recordDigest({
    access: content.access,
    ...(content.publisherChanges === 'keep' ? {} : { publisherChanges: content.publisherChanges }),
    denied: content.denied,
    allowed: content.allowed,
    ...(sameRules(content.approvals, BUILT_IN_POLICY) ? {} : { approvals: textOf(content.approvals) }),
    overrides: content.overrides.map((each) => {
      const until = each.expiry ? ` ${each.expiry.at} ${each.expiry.action}` : '';
      return `${placeOf(each)} ${each.version} ${each.manifest}${until}`;
    }),
    ...(content.members.length === 0
      ? {}
      : { members: content.members.map((rule) => canonicalJson(rule as unknown as JsonValue)) }),
  });
}

function placeOf({ name, channel, architecture }: PolicyContent['overrides'][number]): string {
  return [name, channel, architecture].join(' ');
}

function requireOneSubject(named: readonly { readonly name: string; readonly subject: string }[]): void {
  const subjects = new Map<string, string>();
  for (const { name, subject } of named) {
    const other = subjects.get(name);
    if (other !== undefined && other !== subject) {
      throw new ReleaseControlError(
        'ambiguous-name',
        `two snaps are called ${name} in this ring, ${other} and ${subject}: give one of them back to upstream first`,
      );
    }
    subjects.set(name, subject);
  }
}
