import type { Listing } from '../access.js';
import { subjectKey, targetKey } from '../release-target.js';
import type { ReleasePolicy } from '../domain/release-policy/state.js';
import type { PolicyDocument, PolicySubject } from './document.js';

/** The document that says a policy, at a position of the ledger. The same history gives the same bytes, always. */
export function buildPolicy(
  policy: ReleasePolicy,
  at: Pick<PolicyDocument, 'origin' | 'ring' | 'position' | 'root'>,
): PolicyDocument {
  const entries = [...policy.overrides.values()]
    .sort((a, b) => compare(targetKey(a.target), targetKey(b.target)))
    .map(({ target, name, version, manifest }) => ({ ...target, name, version, manifest }));
  const { access } = policy;
  const isHalted = policy.halts.length > 0 || policy.halted.size > 0;
  if (policy.listed.size === 0 && policy.blocked.size === 0 && !isHalted)
    return { v: 1, ...at, access, entries };
  const [denied, allowed] = [on(policy, 'denied'), on(policy, 'allowed')];
  const lists = { ...at, access, entries, denied, allowed, blocked: inOrder([...policy.blocked.values()]) };
  if (!isHalted) return { v: 2, ...lists };
  const halted = inOrder([...policy.halted.values()]);
  return { v: 3, ...lists, ringHalted: policy.halts.length > 0, halted };
}

function on(policy: ReleasePolicy, list: Listing): PolicySubject[] {
  return inOrder([...policy.listed.values()].filter(({ listing }) => listing === list));
}

function inOrder(subjects: readonly PolicySubject[]): PolicySubject[] {
  return [...subjects]
    .sort((a, b) => compare(subjectKey(a), subjectKey(b)))
    .map(({ format, subject, name }) => ({ format, subject, name }));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : 1;
}
