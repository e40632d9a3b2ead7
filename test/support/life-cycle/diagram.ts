import { LIFE_CYCLE } from '#release-control/domain/change-request/life-cycle';
import { STATUSES } from '#release-control/domain/change-request/state';

/** The life of a change request as a mermaid state diagram: drawn from the table that the deciders ask. In brackets: what no person does. */
export function lifeCycleDiagram(): string {
  const steps = Object.values(LIFE_CYCLE).flatMap(({ verb, by, from, to }) =>
    from.flatMap((start) =>
      to.map((end) => `  ${node(start)} --> ${node(end)} : ${by === 'person' ? verb : `(${verb})`}`),
    ),
  );
  const over = STATUSES.filter(
    (status) => !Object.values(LIFE_CYCLE).some(({ from }) => (from as readonly string[]).includes(status)),
  );
  return [
    'stateDiagram-v2',
    ...STATUSES.filter((status) => status.includes('-')).map(
      (status) => `  state "${status}" as ${node(status)}`,
    ),
    ...steps,
    ...over.map((status) => `  ${node(status)} --> [*]`),
  ].join('\n');
}

/** Mermaid's names of states hold no hyphen. */
function node(status: string): string {
  return status === 'none' ? '[*]' : status.replaceAll('-', '_');
}

const FENCED = /```mermaid\nstateDiagram-v2\n.*?```/s;

/** @throws Error for a page without a diagram */
export function withDiagram(page: string): string {
  if (!FENCED.test(page)) throw new Error('the page has no state diagram to replace');
  return page.replace(FENCED, () => `\`\`\`mermaid\n${lifeCycleDiagram()}\n\`\`\``);
}
