import type { PolicyNode, PolicyProblems } from './policy-node.js';

/** Notes each member that is none of those that there may be. */
export function requireKnown(
  nodes: readonly PolicyNode[],
  known: readonly string[],
  problems: PolicyProblems,
): void {
  for (const { name, offset } of nodes)
    if (!known.includes(name)) problems.add(offset, `${name} is not known: ${known.join(', ')}`);
}
