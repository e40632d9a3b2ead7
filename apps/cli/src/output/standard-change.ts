import type { ChangeView } from '../api/types.js';
import { shown } from './table.js';

/** By whose approval of the template it takes effect, or why it does not. */
export function standardChangeLines({
  standardChange,
}: Pick<ChangeView, 'standardChange'>): readonly string[] {
  if (!standardChange) return [];
  const { template, use } = standardChange;
  const { approved, notApplied = [] } = use ?? {};
  if (use === null)
    return [`standard change under template ${template.name}@${template.version}: not signed yet`];
  const { printedName, signedAt, meaning } = use.signature;
  const by = approved?.approvedBy.map(({ name, signedAt: at }) => `${name} at ${at}`).join(', ');
  return [
    `standard change under template ${template.name}@${template.version}, signed by ${printedName} at ${signedAt} with the meaning "${meaning}"`,
    ...(approved ? [`the template was approved in ${approved.changeRequest} by ${by}`] : []),
    ...notApplied,
  ];
}

export function standardChangeState(view: ChangeView): string {
  const lines = standardChangeLines(view).map((line) => `${shown(line)}\n`);
  return lines.length === 0 ? '' : `${lines.join('')}\n`;
}
