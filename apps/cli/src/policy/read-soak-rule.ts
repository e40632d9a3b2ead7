import type { ApprovalRules } from '../api/approval-types.js';
import { isTrue, members, numberIn, word, type PolicyNode, type PolicyProblems } from './policy-node.js';
import { requireKnown } from './require-known.js';

type SoakRule = NonNullable<ApprovalRules['soak']>;

/** The earlier ring that a version must have been in force in. Whether there is the ring, and whether the hours can be meant, is for the server to say. */
export function readSoakRule(node: PolicyNode, problems: PolicyProblems): SoakRule {
  const parts = members(node, problems);
  requireKnown(parts, ['ring', 'hours', 'verified'], problems);
  const at = (name: string) => parts.find((part) => part.name === name);
  const [ring, hours, verified] = [at('ring'), at('hours'), at('verified')];
  if (!ring) problems.add(node.offset, `${node.name} does not say "ring"`);
  if (!hours) problems.add(node.offset, `${node.name} does not say "hours"`);
  return {
    ring: (ring && word(ring, problems)) ?? '',
    hours: hours ? numberIn(hours, problems, /^\d{1,6}$/, 'a whole number') : 0,
    verified: verified ? isTrue(verified, problems) : false,
  };
}
