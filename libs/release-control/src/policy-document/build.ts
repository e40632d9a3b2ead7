import { targetKey } from '../release-target.js';
import type { ReleasePolicy } from '../domain/release-policy/state.js';
import type { PolicyDocument } from './document.js';

/** The document that says a policy, at a position of the ledger. The same history gives the same bytes, always. */
export function buildPolicy(
  policy: ReleasePolicy,
  at: Pick<PolicyDocument, 'origin' | 'ring' | 'position' | 'root'>,
): PolicyDocument {
  const entries = [...policy.overrides.values()].sort((a, b) =>
    targetKey(a.target) < targetKey(b.target) ? -1 : 1,
  );
  return {
    v: 1,
    ...at,
    access: policy.access,
    entries: entries.map(({ target, name, version, manifest }) => ({ ...target, name, version, manifest })),
  };
}
