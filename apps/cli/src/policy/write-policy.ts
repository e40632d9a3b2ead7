import { stringify } from 'yaml';
import { rulesContent } from './write-rules.js';
import { POLICY_FORM, type PolicyFile, type PolicyOverride } from './policy.js';

/** A policy as its file: the same text for the same policy, snaps, channels and architectures in order. */
export function writePolicy(file: PolicyFile): string {
  const { ring, digest, access, publisherChanges, denied, allowed, approvals, overrides, members } = file;
  const content = {
    'holdfast-policy': POLICY_FORM,
    ring,
    ...(digest === null ? {} : { digest }),
    access,
    ...(publisherChanges === null ? {} : { 'publisher-changes': publisherChanges }),
    deny: [...denied].sort(),
    allow: [...allowed].sort(),
    ...(approvals === null ? {} : { approvals: rulesContent(approvals) }),
    overrides: nested(overrides),
    // Last: who gives another ring what this one holds takes it off.
    ...(members === null ? {} : { members: [...members].sort() }),
  };
  return stringify(content, { schema: 'failsafe', defaultStringType: 'PLAIN', lineWidth: 0 });
}

type Nested = Map<string, Map<string, Map<string, string>>>;

/** In maps: objects would put a snap called 42 first, and find what no snap is in one called constructor. */
function nested(overrides: readonly PolicyOverride[]): Nested {
  const snaps: Nested = new Map();
  for (const { snap, channel, architecture, revision } of [...overrides].sort(inOrder)) {
    const channels = snaps.get(snap) ?? new Map<string, Map<string, string>>();
    const revisions = channels.get(channel) ?? new Map<string, string>();
    snaps.set(snap, channels.set(channel, revisions.set(architecture, String(revision))));
  }
  return snaps;
}

function inOrder(a: PolicyOverride, b: PolicyOverride): number {
  const key = ({ snap, channel, architecture }: PolicyOverride) => `${snap} ${channel} ${architecture}`;
  return key(a) < key(b) ? -1 : 1;
}
