import type { ApprovalRules } from '../api/approval-types.js';
import { members, word, type PolicyNode, type PolicyProblems } from './policy-node.js';
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
    hours: hours ? wholeHours(hours, problems) : 0,
    verified: verified ? isTrue(verified, problems) : false,
  };
}

function wholeHours(node: PolicyNode, problems: PolicyProblems): number {
  const text = word(node, problems);
  if (text !== undefined && !/^\d{1,6}$/.test(text))
    problems.add(node.offset, `${node.name} must be a whole number, not ${text}`);
  return Number(text ?? 0);
}

/** Whether a member says `true`. */
export function isTrue(node: PolicyNode, problems: PolicyProblems): boolean {
  const text = word(node, problems);
  if (text !== undefined && text !== 'true' && text !== 'false')
    problems.add(node.offset, `${node.name} must be true or false, not ${text}`);
  return text === 'true';
}
