import { isScalar } from 'yaml';
import type { ApprovalRules } from '../api/approval-types.js';
import { members, numberIn, words, type PolicyNode, type PolicyProblems } from './policy-node.js';
import { requireKnown } from './require-known.js';

const PARTS = ['on-call', 'snaps', 'ratify-within-hours'];

/** Who may release what before it is approved. Whether the logins and the names mean something is for the server to say. */
export function readEmergency(
  node: PolicyNode,
  problems: PolicyProblems,
): NonNullable<ApprovalRules['emergency']> {
  const parts = members(node, problems);
  requireKnown(parts, PARTS, problems);
  const [onCall, snaps, hours] = PARTS.map((name) => parts.find((part) => part.name === name));
  for (const [i, part] of [onCall, snaps, hours].entries())
    if (!part) problems.add(node.offset, `${node.name} does not say "${PARTS[i]}"`);
  return {
    onCall: onCall ? names(onCall, problems) : [],
    snaps: snaps ? readSnaps(snaps, problems) : [],
    ratifyWithinHours: hours ? numberIn(hours, problems, /^[1-9][0-9]{0,2}$/, 'a number of hours', 1) : 1,
  };
}

function readSnaps(node: PolicyNode, problems: PolicyProblems): 'all' | string[] {
  return isScalar(node.value) && node.value.value === 'all' ? 'all' : names(node, problems);
}

/** In order, as the server keeps them. */
function names(node: PolicyNode, problems: PolicyProblems): string[] {
  return words(node, problems)
    .map(({ name }) => name)
    .toSorted();
}
