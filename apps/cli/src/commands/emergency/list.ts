import type { Command } from 'commander';
import type { EmergencyLine } from '../../api/types.js';
import type { Cli } from '../../cli.js';
import { Invocation } from '../../invocation.js';
import { table } from '../../output/table.js';

export function addList(emergency: Command, cli: Cli): void {
  emergency
    .command('list')
    .description('emergency changes, the newest first, and how their ratification stands')
    .action(async (_options: unknown, command: Command) => {
      const invocation = new Invocation(cli, command);
      const { control } = await invocation.connect();
      const { emergencies } = await control.emergencies();
      invocation.result(emergencies, () =>
        table(emergencies, [
          { header: 'Id', cell: (row) => row.id },
          { header: 'Ring', cell: (row) => row.ring },
          { header: 'Status', cell: (row) => row.status },
          { header: 'Released by', cell: (row) => row.releasedBy },
          { header: 'Released', cell: (row) => row.releasedAt },
          { header: 'Ratify by', cell: (row) => row.ratifyBy },
          { header: 'Ratification', cell: (row) => row.ratification },
          { header: 'Halt of the ring', cell: (row) => HALTS[row.halt] },
        ]),
      );
    });
}

const HALTS: Readonly<Record<EmergencyLine['halt'], string>> = {
  none: '-',
  'in-force': 'halted for it',
  ended: 'resumed',
};
