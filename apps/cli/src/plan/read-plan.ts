import type { OverrideItem, PlannedStage } from '../api/types.js';
import { CliError } from '../cli-error.js';
import { parseAssignment } from '../input/assignment.js';
import { parseYaml } from '../policy/parse-yaml.js';
import { members, word, type PolicyNode, type PolicyProblems } from '../policy/policy-node.js';
import { requireKnown } from '../policy/require-known.js';

/** A release plan as a file says it. */
export interface Plan {
  readonly ring: string;
  readonly stages: readonly PlannedStage[];
  readonly items: readonly OverrideItem[];
}

const PARTS = ['first', 'then', 'overrides'];
const GATES = ['soak-hours', 'verified', 'installed-percent'];

/**
 * A release plan from a file: the first ring, the rings after it in order, each with what it waits for, and revisions by snap and channel.
 * @param file what to call it in errors
 * @throws CliError `usage`, with a line for each thing that is wrong. Whether it can be meant is for the server to say
 */
export function readPlanFile(text: string, file: string): Plan {
  const { document, problems } = parseYaml(text, file);
  const root = { value: document.contents, name: 'the file', offset: 0 };
  const parts = members(root, problems);
  requireKnown(parts, PARTS, problems);
  const [first, then, overrides] = PARTS.map((name) => parts.find((part) => part.name === name));
  for (const [i, part] of [first, then, overrides].entries())
    if (!part) problems.add(root.offset, `the file does not say "${PARTS[i]}"`);
  const plan = {
    ring: (first && word(first, problems)) ?? '',
    stages: then ? members(then, problems).map((node) => readStage(node, problems)) : [],
    items: overrides ? members(overrides, problems).flatMap((node) => readSnap(node, problems)) : [],
  };
  if (problems.any) throw new CliError('usage', problems.text());
  return plan;
}

function readStage(node: PolicyNode, problems: PolicyProblems): PlannedStage {
  const parts = members(node, problems);
  requireKnown(parts, GATES, problems);
  const [soak, verified, installed] = GATES.map((name) => parts.find((part) => part.name === name));
  return {
    ring: node.name,
    soakHours: soak ? whole(soak, problems) : 0,
    verified: verified ? yesOrNo(verified, problems) : false,
    ...(installed ? { installedPercent: whole(installed, problems) } : {}),
  };
}

function readSnap(node: PolicyNode, problems: PolicyProblems): OverrideItem[] {
  return members(node, problems).flatMap((channel) => {
    const revision = word(channel, problems);
    if (revision === undefined) return [];
    try {
      return [parseAssignment(node.name, `${channel.name}=${revision}`)];
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      problems.add(channel.offset, error.message);
      return [];
    }
  });
}

function whole(node: PolicyNode, problems: PolicyProblems): number {
  const text = word(node, problems);
  if (text !== undefined && !/^(0|[1-9][0-9]{0,3})$/.test(text))
    problems.add(node.offset, `${node.name} must be a whole number, not ${text}`);
  return Number(text ?? 0);
}

function yesOrNo(node: PolicyNode, problems: PolicyProblems): boolean {
  const text = word(node, problems);
  if (text !== undefined && text !== 'yes' && text !== 'no')
    problems.add(node.offset, `${node.name} must be yes or no, not ${text}`);
  return text === 'yes';
}
