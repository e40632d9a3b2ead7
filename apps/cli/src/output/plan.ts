import type { PlannedStage, StageView } from '../api/types.js';
import { shown, table } from './table.js';

type Gates = Omit<PlannedStage, 'ring'>;

/** What a later ring of a release plan waits for, on one line. */
export function gatesText({ soakHours, verified, installedPercent }: Gates): string {
  const percent = installedPercent === undefined ? '' : ` with ${installedPercent} % of the devices`;
  return [
    ...(soakHours > 0 ? [`${soakHours} ${soakHours === 1 ? 'hour' : 'hours'} in the ring before`] : []),
    ...(verified ? [`a verification in the ring before${percent}`] : []),
  ].join(' and ');
}

/** How each ring of a release plan stands, and what the next one waits for. */
export function stagesText(stages: readonly StageView[] = []): string {
  if (stages.length === 0) return '';
  const lines = table(stages, [
    { header: 'Stage', cell: (row) => String(row.stage) },
    { header: 'Ring', cell: (row) => row.ring },
    { header: 'State', cell: (row) => row.state },
    { header: 'In force since', cell: (row) => row.inForceAt },
    { header: 'After', cell: (row) => row.gates && gatesText(row.gates) },
    { header: 'Verified by', cell: ({ verification: found }) => found && `${found.by.name} ${found.at}` },
  ]);
  const waiting = stages.flatMap(({ ring, waitsFor }) =>
    waitsFor.map((what) => `${shown(`ring ${ring} waits for ${what}`)}\n`),
  );
  return `${lines}${waiting.join('')}\n`;
}
