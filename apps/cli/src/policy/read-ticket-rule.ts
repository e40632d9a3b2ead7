import type { ApprovalRules } from '../api/approval-types.js';
import { members, word, type PolicyNode, type PolicyProblems } from './policy-node.js';
import { requireKnown } from './require-known.js';

const APPROVED = ['before-signing', 'before-effect'] as const;

/** The ticket that each change of the ring must name. Whether there is the system is for the server to say. */
export function readTicketRule(
  node: PolicyNode,
  problems: PolicyProblems,
): NonNullable<ApprovalRules['ticket']> {
  const parts = members(node, problems);
  requireKnown(parts, ['system', 'approved'], problems);
  const at = (name: string) => parts.find((part) => part.name === name);
  const [system, approved] = [at('system'), at('approved')];
  if (!system) problems.add(node.offset, `${node.name} does not say "system"`);
  const asked = approved && readApproved(approved, problems);
  return {
    system: (system && word(system, problems)) ?? '',
    ...(asked === undefined ? {} : { approved: asked }),
  };
}

function readApproved(node: PolicyNode, problems: PolicyProblems): (typeof APPROVED)[number] | undefined {
  const text = word(node, problems);
  const known = APPROVED.find((each) => each === text);
  if (text !== undefined && known === undefined)
    problems.add(node.offset, `${node.name} must be ${APPROVED.join(' or ')}, not ${text}`);
  return known;
}
