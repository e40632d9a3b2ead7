import { isScalar, isSeq } from 'yaml';
import type { Freeze } from '../api/approval-types.js';
import { members, offsetOf, word, type PolicyNode, type PolicyProblems } from './policy-node.js';
import { requireKnown } from './require-known.js';

const PARTS = ['from', 'to', 'zone', 'reason', 'emergencies'] as const;

/** When nothing takes effect in the ring but a halt. Whether its times and zones can be meant is for the server to say. */
export function readFreezes(node: PolicyNode, problems: PolicyProblems): Freeze[] {
  const { value, name, offset } = node;
  if (isScalar(value) && value.value === '') return [];
  if (!isSeq(value)) {
    problems.add(offset, `${name} must be a list`);
    return [];
  }
  return value.items.map((item) =>
    readFreeze({ value: item, name: 'a freeze', offset: offsetOf(item, offset) }, problems),
  );
}

function readFreeze(node: PolicyNode, problems: PolicyProblems): Freeze {
  const parts = members(node, problems);
  requireKnown(parts, PARTS, problems);
  const at = (name: (typeof PARTS)[number]) => {
    const part = parts.find((each) => each.name === name);
    if (!part) problems.add(node.offset, `${node.name} does not say "${name}"`);
    return part ? (word(part, problems) ?? '') : '';
  };
  const [from, to, zone, reason, emergencies] = [
    at('from'),
    at('to'),
    at('zone'),
    at('reason'),
    at('emergencies'),
  ];
  if (emergencies !== '' && emergencies !== 'pass' && emergencies !== 'wait')
    problems.add(node.offset, `emergencies must be pass or wait, not ${emergencies}`);
  return { from, to, zone, reason, emergencies: emergencies === 'pass' ? 'pass' : 'wait' };
}
