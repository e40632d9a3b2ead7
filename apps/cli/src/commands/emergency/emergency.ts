import type { Command } from 'commander';
import type { Cli } from '../../cli.js';
import { addList } from './list.js';
import { addRatify, addRefuse } from './ratify.js';
import { addRelease } from './release.js';

/** What cannot wait for those who approve. */
export function addEmergency(program: Command, cli: Cli): void {
  const emergency = program
    .command('emergency')
    .description(
      'a change that takes effect before it is approved: released by one who is on call, ratified by two',
    );
  for (const add of [addRelease, addList, addRatify, addRefuse]) add(emergency, cli);
}
