import { isScalar, isSeq } from 'yaml';
import type { ApprovalRule, ApprovalRules, ReviewRule, SigningRole } from '../api/approval-types.js';
import { CliError } from '../cli-error.js';
import { CHANGE_KINDS, SIGNING_ROLES } from './approval-rules.js';
import { parseYaml } from './parse-yaml.js';
import {
  isTrue,
  members,
  numberIn,
  offsetOf,
  word,
  type PolicyNode,
  type PolicyProblems,
} from './policy-node.js';
import { readFreezes } from './read-freezes.js';
import { readEmergency } from './read-emergency.js';
import { readSoakRule } from './read-soak-rule.js';
import { readTicketRule } from './read-ticket-rule.js';
import { requireKnown } from './require-known.js';

const BESIDE_RULES = [
  'emergency',
  'freezes',
  'ticket',
  'soak',
  'authored',
  'verified-by-others',
  'trail-reviewed',
];
const RULES: readonly string[] = ['default', ...CHANGE_KINDS, ...BESIDE_RULES];
const PARTS = ['approvals', 'roles', 'order', 'reviews'];
const REVIEW_PARTS = ['persons', 'roles', 'order'];

/**
 * An approval policy from a file of its own: rules by name.
 * @param file what to call it in errors
 * @throws CliError `usage`, with a line for each thing that is wrong
 */
export function readRulesFile(text: string, file: string): ApprovalRules {
  const { document, problems } = parseYaml(text, file);
  const rules = readRules({ value: document.contents, name: 'the file', offset: 0 }, problems);
  if (problems.any) throw new CliError('usage', problems.text());
  return rules;
}

/** The rules that stand at a place of a file; what is wrong with them is noted. Whether they can be meant is for the server to say. */
export function readRules(node: PolicyNode, problems: PolicyProblems): ApprovalRules {
  const named = members(node, problems);
  requireKnown(named, RULES, problems);
  const [emergency, freezes, ticket, soak, authored, byOthers, trailReviewed] = BESIDE_RULES.map((beside) =>
    named.find(({ name }) => name === beside),
  );
  const rules = new Map(
    named
      .filter(({ name }) => !BESIDE_RULES.includes(name))
      .map((each) => [each.name, readRule(each, problems)]),
  );
  const otherwise = rules.get('default');
  if (!otherwise)
    problems.add(
      node.offset,
      `${node.name} has no rule "default", for all kinds without a rule of their own`,
    );
  const kinds = CHANGE_KINDS.flatMap((kind) => {
    const rule = rules.get(kind);
    return rule ? [[kind, rule] as const] : [];
  });
  return {
    default: otherwise ?? { approvals: 1, order: 'any' },
    kinds: Object.fromEntries(kinds),
    ...(emergency ? { emergency: readEmergency(emergency, problems) } : {}),
    ...(freezes ? { freezes: readFreezes(freezes, problems) } : {}),
    ...(ticket ? { ticket: readTicketRule(ticket, problems) } : {}),
    ...(soak ? { soak: readSoakRule(soak, problems) } : {}),
    ...(authored && isTrue(authored, problems) ? { authored: true } : {}),
    ...(byOthers && isTrue(byOthers, problems) ? { verifiedByOthers: true } : {}),
    ...(trailReviewed && isTrue(trailReviewed, problems) ? { trailReviewed: true } : {}),
  };
}

function readRule(node: PolicyNode, problems: PolicyProblems): ApprovalRule {
  const parts = members(node, problems);
  requireKnown(parts, PARTS, problems);
  const at = (name: string) => parts.find((part) => part.name === name);
  const approvals = at('approvals');
  if (!approvals) problems.add(node.offset, `${node.name} must say how many approvals it takes`);
  const reviews = at('reviews');
  return {
    approvals: approvals ? count(approvals, problems) : 1,
    ...readRolesInOrder(at, problems),
    ...(reviews ? { reviews: readReviews(reviews, problems) } : {}),
  };
}

function readReviews(node: PolicyNode, problems: PolicyProblems): ReviewRule {
  const parts = members(node, problems);
  requireKnown(parts, REVIEW_PARTS, problems);
  const at = (name: string) => parts.find((part) => part.name === name);
  const persons = at('persons');
  if (!persons) problems.add(node.offset, `${node.name} must say how many persons review`);
  return { persons: persons ? count(persons, problems) : 1, ...readRolesInOrder(at, problems) };
}

function readRolesInOrder(
  at: (name: string) => PolicyNode | undefined,
  problems: PolicyProblems,
): Required<Pick<ApprovalRule, 'roles' | 'order'>> {
  const [roles, order] = [at('roles'), at('order')];
  return {
    roles: roles ? readRoles(roles, problems) : {},
    order: order ? readOrder(order, problems) : 'any',
  };
}

function readRoles(node: PolicyNode, problems: PolicyProblems): Partial<Record<SigningRole, number>> {
  const asked = members(node, problems);
  requireKnown(asked, SIGNING_ROLES, problems);
  return Object.fromEntries(asked.map((role) => [role.name, count(role, problems)]));
}

function readOrder({ value, name, offset }: PolicyNode, problems: PolicyProblems): 'any' | SigningRole[] {
  if (isScalar(value) && value.value === 'any') return 'any';
  if (!isSeq(value)) {
    problems.add(offset, `${name} must be any, or a list of ${SIGNING_ROLES.join(' and ')}`);
    return 'any';
  }
  return value.items.flatMap((item) => {
    const role = word({ value: item, name, offset: offsetOf(item, offset) }, problems);
    const known = SIGNING_ROLES.find((each) => each === role);
    if (role !== undefined && known === undefined)
      problems.add(offsetOf(item, offset), `${role} is not known: ${SIGNING_ROLES.join(', ')}`);
    return known ? [known] : [];
  });
}

function count(node: PolicyNode, problems: PolicyProblems): number {
  return numberIn(node, problems, /^[1-5]$/, 'a number from 1 to 5', 1);
}
