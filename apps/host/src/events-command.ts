import type { Command } from 'commander';
import { addEventsCopy } from './events-copy/command.js';
import { addEventsVerify } from './events-verify/command.js';

/** `events copy` and `events verify`. */
export function addEvents(program: Command, env: NodeJS.ProcessEnv, print: (line: string) => void): void {
  const events = program.command('events').description('the history: where it is, and whether it holds');
  addEventsCopy(events, env, print);
  addEventsVerify(events, env, print);
}
